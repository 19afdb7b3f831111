-- The backfill and the repair of templates.

-- role: sync
CREATE FUNCTION legacy_sync.backfill_templates(after text, size integer)
  RETURNS TABLE (last_key text, taken integer, written integer)
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  AS $$
DECLARE
  previous text := legacy_sync.enter('legacy');
  zone text := legacy_sync.time_zone();
  l public.voice_modulation_templates;
BEGIN
  taken := 0;
  written := 0;
  FOR l IN SELECT * FROM legacy_sync.read_templates(after, size) LOOP
    last_key := l.id;
    taken := taken + 1;
    BEGIN
      IF legacy_sync.put_template(l, zone) THEN written := written + 1; END IF;
      PERFORM legacy_sync.release('voice_modulation_templates', l.id::text);
    EXCEPTION WHEN data_exception OR integrity_constraint_violation OR program_limit_exceeded OR SQLSTATE 'FBL01' THEN
      PERFORM legacy_sync.refuse('voice_modulation_templates', l.id::text, NULL, SQLSTATE, SQLERRM);
    END;
  END LOOP;
  PERFORM legacy_sync.leave(previous);
  RETURN NEXT;
END $$;

-- Maps one template again. If the legacy row is gone, its template goes with the last legacy row that means it.
CREATE FUNCTION legacy_sync.repair_templates(key text) RETURNS void
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  AS $$
DECLARE
  previous text := legacy_sync.enter('legacy');
  zone text := legacy_sync.time_zone();
  l public.voice_modulation_templates;
  t reference.voice_modulation_templates;
BEGIN
  BEGIN
    SELECT * INTO l FROM legacy_sync.read_templates((key::bigint - 1)::text, 1) r WHERE r.id::text = key;
    IF FOUND THEN
      PERFORM legacy_sync.put_template(l, zone);
      PERFORM legacy_sync.release('voice_modulation_templates', key);
    ELSE
      SELECT * INTO t FROM reference.voice_modulation_templates o WHERE o.id = key::integer;
      PERFORM legacy_sync.forget_template(key::integer);
      PERFORM legacy_sync.drop_template(t.modulation_type, t.modulation_key, zone);
    END IF;
  EXCEPTION WHEN others THEN
    PERFORM legacy_sync.refuse('voice_modulation_templates', key, NULL, SQLSTATE, SQLERRM);
  END;
  PERFORM legacy_sync.leave(previous);
END $$;

-- attach
CREATE TRIGGER fabula_template_to_new AFTER INSERT OR UPDATE OR DELETE ON public.voice_modulation_templates FOR EACH ROW
  WHEN (current_setting('fabula.sync', true) IS DISTINCT FROM 'new') EXECUTE FUNCTION legacy_sync.template_to_new();
-- attach
CREATE TRIGGER fabula_templates_truncated AFTER TRUNCATE ON public.voice_modulation_templates FOR EACH STATEMENT
  WHEN (current_setting('fabula.sync', true) IS DISTINCT FROM 'new') EXECUTE FUNCTION legacy_sync.templates_truncated();
