package dev.copperplate.samples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FirstBackupTest {

  @TempDir Path directory;

  @Test
  void doesWhatTheReadmeSays() throws Exception {
    Place place = Place.in(directory);
    Path restored = place.directory().resolve("restored");
    Path backups = place.directory().resolve("backups");
    assertTrue(
        FirstBackup.make(backups, place.passwordFile(), place.documents(), restored).passed());
    assertEquals(
        Optional.empty(),
        new TreeComparison()
            .firstDifference(place.documents(), Place.below(restored, place.documents())));
  }
}
