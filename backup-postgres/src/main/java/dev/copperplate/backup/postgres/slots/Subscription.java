package dev.copperplate.backup.postgres.slots;

import java.util.List;

/**
 * A subscription, without what is secret of its connection.
 *
 * @param enabled whether it was at work
 * @param publications of the other server
 * @param slot the slot on the other server; empty if it has none
 * @param options other than the usual ones, as SQL says them: {@code binary = true}
 * @param address how much is known of where the other server is
 * @param connection parameters of libpq that hold no secret: {@code host=db}; empty if unknown
 */
public record Subscription(
    String database,
    String name,
    String owner,
    boolean enabled,
    List<String> publications,
    String slot,
    List<String> options,
    Address address,
    List<String> connection) {

  /** How much is known of a connection. */
  public enum Address {
    /** All of it. */
    WHOLE,
    /** All that is not secret; something was left out. */
    WITHOUT_SECRETS,
    /** Nothing: the text is none that libpq understands. */
    UNREADABLE,
    /** Nothing: the role may not read it. */
    DENIED
  }

  public Subscription {
    publications = List.copyOf(publications);
    options = List.copyOf(options);
    connection = List.copyOf(connection);
  }

  static Subscription of(Line line) {
    return new Subscription(
        line.text("database"),
        line.text("name"),
        line.text("owner"),
        line.flag("enabled"),
        line.texts("publications"),
        line.text("slot"),
        line.texts("options"),
        line.value("address", Address.class),
        line.texts("connection"));
  }

  Line line() {
    return new Line()
        .with("database", database)
        .with("name", name)
        .with("owner", owner)
        .with("enabled", enabled)
        .with("publications", publications)
        .with("slot", slot)
        .with("options", options)
        .with("address", address)
        .with("connection", connection);
  }
}
