package dev.copperplate.backup.verify;

import dev.copperplate.backup.Finding;
import dev.copperplate.backup.Proof;
import dev.copperplate.backup.Verification;
import dev.copperplate.backup.Verifier;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The verifiers that know nothing of the system that was captured.
 *
 * <table>
 *   <caption>What each reads, and what a snapshot is proved by it</caption>
 *   <tr><th>Verifier<th>Reads<th>Proves
 *   <tr><td>{@link #structure}<td>directories<td>{@code STRUCTURE}
 *   <tr><td>{@link #size}<td>directories, and compares their counts with the history<td>{@code
 *       STRUCTURE}
 *   <tr><td>{@link #share}<td>one of several shares of the content<td>{@code STRUCTURE}
 *   <tr><td>{@link #added}<td>what is new, and a share of the rest<td>{@code STRUCTURE}; {@code DATA}
 *       if that was everything
 *   <tr><td>{@link #checksums}<td>everything<td>{@code DATA}
 *   <tr><td>{@link dev.copperplate.backup.files.FilesDrill FilesDrill}<td>everything, twice: it
 *       restores into the scratch directory and compares<td>{@code RESTORED}
 * </table>
 *
 * <p>All that walk have the facts {@code files} and {@code bytes} (what the snapshot holds) and
 * {@code read} (bytes of content that were read). All but the drill make a finding for each part
 * that is missing or damaged and go on behind it.
 */
public final class Verifiers {

  private Verifiers() {}

  /**
   * Walks all directories and looks whether everything that they name is stored, without reading
   * the content of files. Proves {@link Proof#STRUCTURE}.
   */
  public static Verifier structure() {
    return EntryVerifier.structure("structure");
  }

  /**
   * Reads every byte of every file, authenticated and compared with its hash. Proves {@link
   * Proof#DATA}.
   */
  public static Verifier checksums() {
    return new EntryVerifier("checksums", Sample.same(Pieces.ALL, Proof.DATA));
  }

  /**
   * Does what {@link #structure} does, and reads one of several shares of the content: seven of
   * them, one a day, read everything in a week. A share is the same on every day and every machine
   * as long as the files keep their paths, and large files are spread over all of them. Proves
   * {@link Proof#STRUCTURE}, however many shares were read before; the only share of one proves
   * {@link Proof#DATA}.
   *
   * @param number which share, from 1
   * @param of how many there are
   */
  public static Verifier share(int number, int of) {
    return new EntryVerifier("share " + number + " of " + of, Sample.share(number, of));
  }

  /**
   * For a snapshot that was just made: does what {@link #structure} does, reads every file whose
   * content differs from that in the newest undamaged snapshot of its source and environment before
   * it, and a share of everything else, another one for each snapshot. What damaged an old pack is
   * so found though nobody writes it again. Proves {@link Proof#DATA} if that came to everything,
   * as with a first snapshot, otherwise {@link Proof#STRUCTURE}.
   *
   * @param share of the content that the snapshot did not add, 0 to 1
   */
  public static Verifier added(double share) {
    return new EntryVerifier("added", AddedSample.of(share));
  }

  /** {@link #size(double)} by a factor of two. */
  public static Verifier size() {
    return size(2);
  }

  /**
   * Does what {@link #structure} does, and compares the numbers of files and bytes with the median
   * of the newest seven undamaged snapshots of the same source and environment before it. A
   * snapshot that is smaller by more than the factor fails: something was lost, or could not be
   * seen. One that is larger by more gets a warning; without a history there is a remark. Snapshots
   * of tools that count nothing are left out. Proves {@link Proof#STRUCTURE}. Further facts: {@code
   * medianFiles}, {@code medianBytes}, if there is a history.
   *
   * @param factor more than 1
   */
  public static Verifier size(double factor) {
    return new SizeVerifier(factor);
  }

  /** All of them, in order. Together they prove what the weakest of them proves. */
  public static Verifier all(Verifier... verifiers) {
    List<Verifier> all = List.of(verifiers);
    if (all.isEmpty()) {
      throw new IllegalArgumentException("No verifier proves nothing");
    }
    return (snapshot, context) -> {
      List<Finding> findings = new ArrayList<>();
      List<String> names = new ArrayList<>();
      Map<String, String> facts = new TreeMap<>();
      Proof weakest = Proof.RESTORED;
      boolean passed = true;
      for (Verifier each : all) {
        Verification one = each.verify(snapshot, context);
        names.add(one.verifier());
        findings.addAll(one.findings());
        one.facts().forEach((key, value) -> facts.put(one.verifier() + "." + key, value));
        weakest = one.proof().compareTo(weakest) < 0 ? one.proof() : weakest;
        passed &= one.passed();
      }
      return new Verification(String.join("+", names), weakest, passed, findings, facts);
    };
  }
}
