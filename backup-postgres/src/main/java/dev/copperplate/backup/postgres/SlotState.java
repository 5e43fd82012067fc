package dev.copperplate.backup.postgres;

import java.util.List;

/**
 * How a slot is, and what can be done if it is stuck.
 *
 * @param plugin of a logical slot; empty for a physical one
 * @param database of a logical slot; empty for a physical one
 * @param confirmed up to where the consumer of a logical slot has everything
 * @param restart from where the server keeps its log for it; {@link Lsn#NONE} if it keeps none
 * @param lag bytes of log that its consumer has yet to take
 * @param retained bytes of log that the server keeps for it
 * @param walStatus {@code reserved}, {@code extended}, {@code unreserved} or {@code lost}
 * @param inactiveSince from when on nobody used it; empty while somebody does, and below 17
 * @param invalidation why it was invalidated, as far as the server says
 * @param heldTransactions how many transactions back it keeps vacuum from removing rows
 * @param holders who keeps it from moving on, or from being created
 * @param steps what can be done, the least harmful first; none for a slot that is well
 */
public record SlotState(
    String name,
    String plugin,
    String database,
    Condition condition,
    Lsn confirmed,
    Lsn restart,
    long lag,
    long retained,
    String walStatus,
    String inactiveSince,
    String invalidation,
    long heldTransactions,
    List<SlotHolder> holders,
    List<SlotStep> steps) {

  /** How it is. */
  public enum Condition {
    /** It is used, and not far behind. */
    WORKING,
    /** It is used, and more log is behind it than is tolerated. */
    BEHIND,
    /** Nobody is connected to it, and the log grows. */
    UNUSED,
    /** It is lost: no more can be read from it. */
    INVALIDATED,
    /** Its creation waits for transactions that write. */
    BEING_CREATED
  }

  public SlotState {
    holders = List.copyOf(holders);
    steps = List.copyOf(steps);
  }

  /** In words. */
  @Override
  public String toString() {
    return name
        + " "
        + condition
        + ", lag "
        + lag
        + " bytes, keeps "
        + retained
        + " bytes of log"
        + (inactiveSince.isEmpty() ? "" : ", unused since " + inactiveSince)
        + (invalidation.isEmpty() ? "" : ", invalidated: " + invalidation)
        + (holders.isEmpty() ? "" : ", held by " + holders);
  }
}
