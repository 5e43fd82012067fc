package dev.copperplate.backup.verify;

import dev.copperplate.backup.Finding;
import dev.copperplate.backup.Proof;
import dev.copperplate.backup.Verification;
import dev.copperplate.backup.Verifier;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The verifiers that know nothing of the system that was captured. */
public final class Verifiers {

  private Verifiers() {}

  /**
   * Walks all directories and looks whether everything that they name is stored, without reading
   * the content of files. Proves {@link Proof#STRUCTURE}. Facts: {@code files}, {@code bytes}.
   */
  public static Verifier structure() {
    return new EntryVerifier("structure", Proof.STRUCTURE, EntryVerifier::requireStored);
  }

  /**
   * Reads every byte of every file, authenticated and compared with its hash. Proves {@link
   * Proof#DATA}. Facts: {@code files}, {@code bytes}.
   */
  public static Verifier checksums() {
    return new EntryVerifier("checksums", Proof.DATA, EntryVerifier::readWhole);
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
