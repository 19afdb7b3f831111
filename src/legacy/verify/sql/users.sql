-- Every user. An e-mail of ours that another legacy user has is not there. The legacy row of a user whom we erased
-- has no name and no address, and is inactive.
SELECT l.id::text AS key, '' AS part, t.id IS NOT NULL AS is_there, e AS expected, f AS found
FROM l CROSS JOIN legacy_sync.settings g LEFT JOIN platform.users t ON t.id = l.id
CROSS JOIN LATERAL (SELECT
  CASE WHEN t.erased_at IS NOT NULL OR (t.email <> coalesce(l.email, '') AND legacy_sync.is_email_taken(t.email, l.id))
    THEN t.email ELSE legacy_sync.trimmed(l.email) END AS email,
  CASE WHEN t.erased_at IS NOT NULL THEN t.display_name ELSE coalesce(legacy_sync.trimmed(l.display_name),
    legacy_sync.trimmed(coalesce(l.first_name || ' ', '') || coalesce(l.last_name, ''))) END AS display_name,
  CASE WHEN t.erased_at IS NOT NULL THEN t.avatar_url ELSE legacy_sync.trimmed(l.profile_image_url) END AS avatar_url,
  coalesce(legacy_sync.trimmed(lower(l.language)), 'en') AS language,
  l.is_admin IS TRUE AS is_admin,
  CASE WHEN t.erased_at IS NULL OR l.is_active IS NOT FALSE THEN l.is_active IS NOT FALSE ELSE t.is_active END AS is_active,
  legacy_sync.expected_time(coalesce(l.created_at, l.updated_at, '1970-01-01'), t.created_at, g.time_zone) AS created_at,
  legacy_sync.expected_time(coalesce(l.updated_at, l.created_at, '1970-01-01'), t.updated_at, g.time_zone) AS updated_at,
  CASE WHEN t.erased_at IS NULL THEN jsonb_strip_nulls(jsonb_build_object('firstName', l.first_name,
    'lastName', l.last_name, 'displayName', l.display_name, 'externalId', l.external_id, 'locale', l.locale,
    'nativeLanguage', l.native_language)) END AS "profile.legacy",
  CASE WHEN t.erased_at IS NULL THEN l.last_login_at AT TIME ZONE g.time_zone END AS "profile.legacy.lastLoginAt") e
CROSS JOIN LATERAL (SELECT t.email, t.display_name, t.avatar_url, t.language, t.is_admin, t.is_active, t.created_at,
  t.updated_at, CASE WHEN t.erased_at IS NULL THEN (t.profile -> 'legacy') - 'lastLoginAt' END AS "profile.legacy",
  CASE WHEN t.erased_at IS NULL THEN legacy_sync.time_in(t.profile #>> '{legacy,lastLoginAt}')
    END AS "profile.legacy.lastLoginAt") f
