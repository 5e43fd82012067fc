package dev.copperplate.backup.postgres;

import java.util.List;

/** Three schemas that need each other, and the roles {@code keeper} and {@code reader}. */
final class LayeredSchemas {

  static final List<String> NAMES = List.of("base", "middle; Type: X", "top");

  /** Each schema needs the one before. */
  static final List<String> STATEMENTS =
      List.of(
          "CREATE SCHEMA base",
          "CREATE EXTENSION citext SCHEMA base",
          "COMMENT ON SCHEMA base IS 'below all'",
          "CREATE TYPE base.mood AS ENUM ('sad', 'ok')",
          "CREATE FUNCTION base.twice(x int) RETURNS int LANGUAGE sql IMMUTABLE"
              + " BEGIN ATOMIC SELECT CASE WHEN x > 0 THEN x * 2 END; END",
          "CREATE TABLE base.people (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,"
              + " name base.citext NOT NULL, feeling base.mood)",
          "INSERT INTO base.people (name, feeling) SELECT 'p' || i, 'ok' FROM generate_series(1, 100) i",
          "CREATE SCHEMA \"middle; Type: X\"",
          "CREATE TABLE \"middle; Type: X\".orders (id serial PRIMARY KEY, person int"
              + " REFERENCES base.people, n int CHECK (base.twice(n) > 0),"
              + " feeling base.mood DEFAULT 'sad')",
          "INSERT INTO \"middle; Type: X\".orders (person, n) SELECT id, id FROM base.people",
          "CREATE INDEX ON \"middle; Type: X\".orders (base.twice(n))",
          "CREATE SCHEMA top",
          "CREATE VIEW top.rich AS SELECT p.name, o.n FROM base.people p"
              + " JOIN \"middle; Type: X\".orders o ON o.person = p.id",
          "CREATE MATERIALIZED VIEW top.summary AS SELECT sum(n) FROM top.rich",
          "CREATE FUNCTION top.touched() RETURNS trigger LANGUAGE plpgsql AS"
              + " $$ BEGIN NEW.n := 1; RETURN NEW; END $$",
          "CREATE TABLE top.notes (n int, about int REFERENCES \"middle; Type: X\".orders)",
          "CREATE TRIGGER touched BEFORE INSERT ON top.notes FOR EACH ROW EXECUTE FUNCTION top.touched()",
          "INSERT INTO top.notes SELECT 5, id FROM \"middle; Type: X\".orders",
          "UPDATE top.notes SET n = 7",
          "CREATE SEQUENCE top.\"a\"\".b\"",
          "SELECT nextval('top.\"a\"\".b\"')",
          "GRANT SELECT ON top.notes TO reader WITH GRANT OPTION",
          "ALTER TABLE top.notes OWNER TO keeper");

  private LayeredSchemas() {}
}
