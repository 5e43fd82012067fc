package dev.copperplate.backup.postgres;

import java.util.Optional;

/**
 * How a step ended.
 *
 * @param message what a person should know; may be empty
 * @param gap what the consumer never gets, where the step passed over changes
 */
public record SlotOutcome(SlotStep step, Result result, String message, Optional<SlotGap> gap) {

  /** How it ended. */
  public enum Result {
    /** It is done. */
    DONE,
    /** Nobody confirmed it, so nothing was done. */
    NOT_CONFIRMED,
    /** The slot is no longer as it was when it was looked at, so nothing was done. */
    CHANGED,
    /** The server refused it, or it took too long. */
    FAILED,
    /** One before it did not succeed, so nothing was done. */
    NOT_REACHED,
    /** It is for people to do. */
    FOR_PEOPLE
  }

  @Override
  public String toString() {
    return step.name() + " " + result + (message.isEmpty() ? "" : ": " + message);
  }
}
