-- A rendition whose sound is lost goes, so that it is made again.
SET lock_timeout = '500ms';

GRANT DELETE ON reference.renditions TO fabula_app;
