package dev.copperplate.backup.repository;

import dev.copperplate.backup.Finding;
import dev.copperplate.backup.repository.check.Findings;
import dev.copperplate.backup.repository.check.PackChoice;
import dev.copperplate.backup.repository.check.PackReading;
import dev.copperplate.backup.repository.check.ReadHistory;
import dev.copperplate.backup.repository.check.SmallFiles;
import dev.copperplate.backup.repository.check.Structure;
import dev.copperplate.backup.repository.check.Survey;
import dev.copperplate.backup.repository.run.Run;
import dev.copperplate.backup.repository.storage.StoredObject;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.BitSet;
import java.util.List;

/**
 * Looks whether what is stored is as it was written: the structure first, then packs, as far as the
 * options say. Holds no lock, so whatever was not there is looked up again before it counts.
 */
final class Check {

  private final OpenRepository repository;
  private final RepositoryOptions options;
  private final Run run;

  Check(OpenRepository repository, RepositoryOptions options, Run run) {
    this.repository = repository;
    this.options = options;
    this.run = run;
  }

  CheckReport check(CheckOptions how) throws IOException, InterruptedException {
    try (OpenRepository fresh = repository.afresh()) {
      return check(how, fresh);
    }
  }

  private CheckReport check(CheckOptions how, OpenRepository fresh)
      throws IOException, InterruptedException {
    Findings findings = new Findings();
    long begin = fresh.store().substitutes().now();
    new SmallFiles(fresh.store(), findings).check(options.clock().instant());
    Structure structure = structure(fresh);
    long packsRead = 0;
    long bytesRead = 0;
    if (!(how instanceof CheckOptions.Structure)) {
      Survey survey = structure.survey();
      try (PackReading reading =
          new PackReading(fresh.store(), survey, findings, bytes -> run.advance(0, bytes))) {
        read(how, survey, reading, findings);
        packsRead = reading.packs();
        bytesRead = reading.bytes();
        structure = concluded(fresh, structure, reading);
      }
    }
    structure.report(findings);
    new RecordAudit(fresh, options).findings().forEach(findings::add);
    // First, or a flood of forged snapshots, each an error, would push them out of the report.
    fresh.store().substitutes().findings(begin, Finding.Severity.WARNING).forEach(run::report);
    findings.tell(fresh.store().target().description(), run::report);
    Survey survey = structure.survey();
    return new CheckReport(
        run.findings(),
        survey.snapshots().size(),
        survey.present().cardinality() + survey.unlisted().size(),
        packsRead,
        bytesRead);
  }

  private Structure structure(OpenRepository fresh) throws IOException, InterruptedException {
    return Structure.look(
        fresh.store(), fresh.index(), fresh.blobs(), run.workers(), n -> run.advance(n, 0));
  }

  /**
   * What went while packs were read may have been needed after all: then all is looked up again.
   */
  private Structure concluded(OpenRepository fresh, Structure before, PackReading reading)
      throws IOException, InterruptedException {
    Structure now = reading.vanished() ? structure(fresh) : before;
    now.addDamaged(before.survey());
    return now;
  }

  private void read(CheckOptions how, Survey survey, PackReading reading, Findings findings)
      throws IOException, InterruptedException {
    ReadHistory history = ReadHistory.load(repository.records(), survey, options.clock().instant());
    try {
      if (how instanceof CheckOptions.Budget budget) {
        read(budget, PackChoice.leastRecentFirst(survey, history), survey, reading);
      } else {
        read(chosen(how, survey), unlisted(how, survey), survey, reading);
      }
      run.workers().join();
    } finally {
      remember(history, reading.read(), findings);
    }
  }

  private void read(
      CheckOptions.Budget budget, List<Integer> packs, Survey survey, PackReading reading)
      throws IOException, InterruptedException {
    long began = System.nanoTime();
    long begun = 0;
    run.expect(0, Math.min(budget.bytes(), bytes(packs, survey)));
    for (int pack : packs) {
      if (begun >= budget.bytes() || since(began).compareTo(budget.time()) >= 0) {
        return;
      }
      begun += survey.size(pack);
      reading.submit(pack, run.workers());
    }
  }

  private void read(
      List<Integer> packs, List<StoredObject> unlisted, Survey survey, PackReading reading)
      throws IOException, InterruptedException {
    long more = unlisted.stream().mapToLong(StoredObject::size).sum();
    run.expect(0, bytes(packs, survey) + more);
    for (int pack : packs) {
      reading.submit(pack, run.workers());
    }
    for (StoredObject each : unlisted) {
      reading.submitUnlisted(each, run.workers());
    }
  }

  private static Duration since(long nanoTime) {
    return Duration.ofNanos(System.nanoTime() - nanoTime);
  }

  private static long bytes(List<Integer> packs, Survey survey) {
    return packs.stream().mapToLong(survey::size).sum();
  }

  private static List<Integer> chosen(CheckOptions how, Survey survey) {
    if (how instanceof CheckOptions.Percentage some) {
      return PackChoice.sample(survey.present(), some.percent(), new SecureRandom());
    }
    List<Integer> all = survey.present().stream().boxed().toList();
    if (how instanceof CheckOptions.Share share) {
      return all.stream()
          .filter(each -> PackChoice.isOf(survey.blobs().pack(each), share.number(), share.of()))
          .toList();
    }
    return all;
  }

  private static List<StoredObject> unlisted(CheckOptions how, Survey survey) {
    if (how instanceof CheckOptions.Share share) {
      return survey.unlisted().stream()
          .filter(each -> PackChoice.isOf(each.id(), share.number(), share.of()))
          .toList();
    }
    return how instanceof CheckOptions.Data ? survey.unlisted() : List.of();
  }

  /** Also after a failure: what was read was read. */
  private void remember(ReadHistory history, BitSet read, Findings findings) {
    boolean interrupted = Thread.interrupted();
    try {
      read.stream().forEach(history::note);
      history.save(run.run().value(), options.clock().instant());
    } catch (IOException | RuntimeException failure) {
      findings.warning(
          repository.store().target().description(),
          "which packs were read could not be noted: " + failure.getMessage(),
          "A later check by budget will read them once more");
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
