package dev.copperplate.backup.repository;

import dev.copperplate.backup.Proof;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * As much of a receipt as it takes to tell what is proved.
 *
 * @param at when the verification ended, as its signature says
 * @param proof how far it proves
 * @param passed whether it passed
 * @param heard whether it speaks of this repository, and whoever has to has signed it
 */
record ReceiptWord(Instant at, Proof proof, boolean passed, boolean heard) {

  /** Of two at the same time, the failure is the later one. */
  private static final Comparator<ReceiptWord> OLDEST_FIRST =
      Comparator.comparing(ReceiptWord::at).thenComparing(each -> each.passed() ? 0 : 1);

  /** Whether it counts as proof. */
  boolean counts() {
    return heard && passed;
  }

  /**
   * What receipts of one content prove together: the strongest of those that passed since the
   * newest that failed. Whatever failed, nobody knows how much of what was proved before still
   * holds; a snapshot that was healed is proved again by verifying it again.
   */
  static Optional<Proof> proof(Collection<ReceiptWord> words) {
    List<ReceiptWord> heard = new ArrayList<>(words);
    heard.removeIf(each -> !each.heard());
    heard.sort(OLDEST_FIRST);
    Optional<Proof> proof = Optional.empty();
    for (ReceiptWord each : heard) {
      if (!each.passed()) {
        proof = Optional.empty();
      } else if (proof.isEmpty() || each.proof().compareTo(proof.get()) > 0) {
        proof = Optional.of(each.proof());
      }
    }
    return proof;
  }
}
