package dev.copperplate.backup.repository;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.copperplate.backup.restic.Restic;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/** A check says what stock restic says of the same damage. */
@Timeout(120)
class CheckAgreementTest {

  @TempDir static Path shared;
  @TempDir Path own;

  private static Path sound;

  @BeforeAll
  static void make() throws Exception {
    sound = shared.resolve("repository");
    SmallRepository.make(sound, shared.resolve("tree"));
  }

  /** Of wrong places restic convinces itself for a quarter of an hour, so those are left out. */
  @ParameterizedTest
  @EnumSource(
      mode = Mode.EXCLUDE,
      names = {"INDEX_OF_WRONG_OFFSET", "INDEX_OF_WRONG_LENGTH", "INDEX_THAT_LACKS_A_BLOB"})
  void whatResticCallsAnErrorIsOneAndNothingElse(Defect defect) throws Exception {
    Path place = StoredRepository.copy(sound, own.resolve("repository"));
    String named = defect.bringAbout(place);
    CheckReport report = SmallRepository.check(place, new CheckOptions.Data());
    Restic.Result restic =
        Restic.stock().at(place, TestRepositories.PASSWORD).run("check", "--read-data");
    assertEquals(restic.exitCode() == 0, report.sound(), () -> report + "\n" + restic);
    assertTrue(report.findings().toString().contains(named), () -> named + "\n" + report);
  }

  /** We look at the length of directories, too, which restic leaves to the reading of data. */
  @ParameterizedTest
  @EnumSource(mode = Mode.EXCLUDE, names = "INDEX_OF_WRONG_PLAIN_LENGTH")
  void theStructureAloneShowsWhatResticFindsWithoutReadingData(Defect defect) throws Exception {
    Path place = StoredRepository.copy(sound, own.resolve("repository"));
    defect.bringAbout(place);
    CheckReport report = SmallRepository.check(place, new CheckOptions.Structure());
    Restic.Result restic = Restic.stock().at(place, TestRepositories.PASSWORD).run("check");
    assertEquals(restic.exitCode() == 0, report.sound(), () -> report + "\n" + restic);
    assertEquals(0, report.packsRead());
  }
}
