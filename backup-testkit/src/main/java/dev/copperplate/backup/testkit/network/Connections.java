package dev.copperplate.backup.testkit.network;

/**
 * Says which connections of a {@link FaultProxy} a fault befalls: {@code Connections.nth(3)} is the
 * third one that comes. Immutable; counted from 1 when the fault is put on.
 */
public final class Connections {

  private final Selection selection;

  private Connections(Selection selection) {
    this.selection = selection;
  }

  /** Every one. */
  public static Connections any() {
    return new Connections(Selection.ALL);
  }

  /** The n-th alone. */
  public static Connections nth(long number) {
    return new Connections(Selection.ALL.between(number, number));
  }

  /** The first ones. */
  public static Connections first(long count) {
    return from(1).to(count);
  }

  /** The n-th and all later ones. */
  public static Connections from(long number) {
    return new Connections(Selection.ALL.between(number, Long.MAX_VALUE));
  }

  /** Of these none after the n-th. */
  public Connections to(long number) {
    return new Connections(selection.between(Math.max(1, selection.first()), number));
  }

  /**
   * Of these a share, by chance that the seed decides: the same for connections that come in the
   * same order.
   *
   * @param part from 0 to 1
   */
  public Connections share(double part, long seed) {
    return new Connections(selection.share(part, seed));
  }

  /** Exchanges of these, instead of the whole connections. */
  public Exchanges exchanges() {
    return new Exchanges(this, Selection.ALL);
  }

  boolean choose(long number) {
    return selection.chooses(0, number);
  }

  @Override
  public String toString() {
    return "connections: " + selection;
  }
}
