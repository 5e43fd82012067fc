package dev.copperplate.backup.postgres.slots;

import dev.copperplate.backup.Finding;
import dev.copperplate.backup.RestoreContext;
import dev.copperplate.backup.postgres.sql.SqlText;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Makes publications again. */
final class PublicationTasks {

  private static final String UNDEFINED_TABLE = "42P01";
  private static final String UNDEFINED_COLUMN = "42703";
  private static final String UNDEFINED_SCHEMA = "3F000";
  private static final String DENIED = "42501";

  private static final String ABSENT = "SELECT 1 AS absent WHERE pg_catalog.to_regclass(?) IS NULL";

  private final Map<String, List<Publication>> existing;
  private final RestoreContext context;

  /**
   * @param existing by database
   */
  PublicationTasks(Map<String, List<Publication>> existing, RestoreContext context) {
    this.existing = existing;
    this.context = context;
  }

  RestoreTask of(Publication publication) {
    String words = "publication " + SqlText.name(publication.name());
    Optional<Publication> there =
        existing.getOrDefault(publication.database(), List.of()).stream()
            .filter(each -> each.name().equals(publication.name()))
            .findFirst();
    if (there.isEmpty()) {
      return new RestoreTask(
          publication.database(), "create " + words, session -> create(session, publication));
    }
    boolean same = there.get().isDefinedAs(publication);
    return new RestoreTask(
        publication.database(),
        "leave " + words + (same ? ", which is there" : ", which is there and defined otherwise"),
        session -> {
          if (!same) {
            context.report(
                Finding.warning(
                    publication.name(),
                    "The publication is there in database "
                        + publication.database()
                        + " and publishes something else than it did: it was left as it is",
                    "Drop it and restore again, or alter it to be as "
                        + script(publication)
                        + " says"));
          }
        });
  }

  /**
   * Where the statement stands, which is not repeated: filters and comments hold what is secret.
   */
  private static String script(Publication publication) {
    return Layout.script(publication.database()) + " of the snapshot";
  }

  private void create(Session session, Publication publication) throws SQLException {
    try {
      session.executeOne(Statements.create(publication));
    } catch (SQLException e) {
      report(session, publication, e);
      return;
    }
    after(session, publication, Statements.own(publication), "has another owner than it had");
    if (!publication.comment().isEmpty()) {
      after(session, publication, Statements.comment(publication), "has no comment");
    }
  }

  private void after(Session session, Publication publication, String statement, String lack) {
    try {
      session.executeOne(statement);
    } catch (SQLException e) {
      context.report(
          Finding.warning(
              publication.name(),
              "The publication " + lack + " (" + e.getSQLState() + ")",
              "As a superuser in database "
                  + publication.database()
                  + ": the statement in "
                  + script(publication)));
    }
  }

  private void report(Session session, Publication publication, SQLException e)
      throws SQLException {
    String state = String.valueOf(e.getSQLState());
    String remedy =
        switch (state) {
          case UNDEFINED_TABLE, UNDEFINED_SCHEMA, UNDEFINED_COLUMN ->
              "Restore what it publishes first" + absent(session, publication);
          case DENIED ->
              "GRANT CREATE ON DATABASE "
                  + SqlText.name(publication.database())
                  + " and own its tables; for all tables, or those of a schema, be a superuser";
          default -> "Look at " + script(publication);
        };
    context.report(
        Finding.error(
            publication.name(),
            "The publication could not be created in database "
                + publication.database()
                + " ("
                + state
                + ")",
            remedy));
  }

  private static String absent(Session session, Publication publication) throws SQLException {
    StringBuilder names = new StringBuilder();
    for (Publication.Table each : publication.tables()) {
      String name = SqlText.name(each.schema(), each.name());
      if (session.row(ABSENT, name).has("absent")) {
        names.append(names.isEmpty() ? ": there is no " : ", ").append(name);
      }
    }
    return names.toString();
  }
}
