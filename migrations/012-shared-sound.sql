-- Jobs alone store shared sound: renditions of stories, and the samples of voices.
SET lock_timeout = '500ms';

REVOKE INSERT, DELETE ON reference.renditions FROM fabula_app;
