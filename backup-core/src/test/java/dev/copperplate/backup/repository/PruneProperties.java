package dev.copperplate.backup.repository;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.copperplate.backup.Snapshot;
import dev.copperplate.backup.SnapshotFilter;
import dev.copperplate.backup.repository.storage.ObjectKind;
import dev.copperplate.backup.restic.Restic;
import dev.copperplate.backup.verify.Verifiers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.lifecycle.AddLifecycleHook;

/** Laws of prune, for any history. */
class PruneProperties {

  private static final int FILES = 12;
  private static final Pattern TOTAL = Pattern.compile("\"total_size\":([0-9]+)");

  /** What is done to a repository. */
  private interface Step {}

  private record MakeBackup(Set<Integer> files) implements Step {}

  private record Expire(int number) implements Step {}

  private record DoPrune(double maxUnused) implements Step {}

  @Property(tries = 8, shrinking = ShrinkingMode.OFF)
  @AddLifecycleHook(ExchangedNamesProperties.WhereThereIsRestic.class)
  void whatIsListedIsWholeAndNoMoreIsUnusedThanAllowed(@ForAll("histories") List<Step> steps)
      throws Exception {
    Path directory = Files.createTempDirectory("prune");
    try {
      Path place = directory.resolve("repository");
      try (BackupRepository repository = TestRepositories.create(place)) {
        for (Step each : steps) {
          run(repository, place, each);
        }
        prune(repository, place, 0.1);
      }
      requireLittleUnused(place, 0.1);
    } finally {
      DeletedTree.delete(directory);
    }
  }

  @Provide
  Arbitrary<List<Step>> histories() {
    Arbitrary<Step> backup =
        Arbitraries.integers()
            .between(0, FILES - 1)
            .set()
            .ofMinSize(1)
            .ofMaxSize(FILES / 2)
            .map(MakeBackup::new);
    Arbitrary<Step> expire = Arbitraries.integers().between(0, 100).map(Expire::new);
    Arbitrary<Step> prune = Arbitraries.of(0.0, 0.05, 0.3, 1.0).map(DoPrune::new);
    return Arbitraries.oneOf(backup, backup, expire, prune).list().ofMinSize(6).ofMaxSize(14);
  }

  private static void run(BackupRepository repository, Path place, Step step) throws Exception {
    if (step instanceof MakeBackup backup) {
      Map<String, byte[]> files = new HashMap<>();
      for (int each : backup.files()) {
        files.put("d" + each % 3 + "/" + each, Forgotten.bytes(each, 2000 + each * 40_000));
      }
      repository.backup(new MapSource("a", files));
    } else if (step instanceof Expire expire) {
      List<Snapshot> all = repository.list(SnapshotFilter.ALL);
      if (!all.isEmpty()) {
        Forgotten.forget(place, all.get(expire.number() % all.size()));
      }
    } else if (step instanceof DoPrune prune) {
      prune(repository, place, prune.maxUnused());
    }
  }

  private static void prune(BackupRepository repository, Path place, double maxUnused)
      throws Exception {
    PruneReport report = repository.prune(PruneOptions.DEFAULT.maxUnused(maxUnused).emptying(true));
    assertTrue(report.complete(), report::toString);
    assertEquals(List.of(), report.findings());
    assertTrue(report.bytesUnused() <= maxUnused * bytes(place), report::toString);
    assertEquals(Map.of(), StoredPacks.in(place).twice());
    for (Snapshot each : repository.list(SnapshotFilter.ALL)) {
      assertTrue(repository.verify(each, Verifiers.checksums()).passed());
    }
  }

  /** By restic's account of what snapshots need. */
  private static void requireLittleUnused(Path place, double maxUnused) throws Exception {
    Restic restic = Restic.stock().at(place, TestRepositories.PASSWORD);
    WrittenRepositoryTest.assertClean(restic);
    Matcher total = TOTAL.matcher(restic.succeed("stats", "--mode", "raw-data", "--json"));
    assertTrue(total.find());
    long used = Long.parseLong(total.group(1));
    // Headers are in no account: 41 bytes a blob and 36 a pack.
    long headers = StoredPacks.in(place).blobs() * 41L + packs(place).size() * 36L;
    long unused = bytes(place) - used - headers;
    assertTrue(unused <= maxUnused * bytes(place), () -> unused + " of " + used + " are unused");
  }

  private static List<Path> packs(Path place) throws IOException {
    return new Damage(place).files(ObjectKind.PACK);
  }

  private static long bytes(Path place) throws IOException {
    long bytes = 0;
    for (Path each : packs(place)) {
      bytes += Files.size(each);
    }
    return bytes;
  }
}
