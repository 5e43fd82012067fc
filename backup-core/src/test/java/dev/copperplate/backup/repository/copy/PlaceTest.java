package dev.copperplate.backup.repository.copy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.copperplate.backup.EntryPath;
import dev.copperplate.backup.RawName;
import org.junit.jupiter.api.Test;

class PlaceTest {

  @Test
  void namesThePathFromTheRootAndOfALongOneTheEnd() {
    assertEquals("/", Place.ROOT.toString());
    Place place = Place.ROOT.child(RawName.of("a")).child(RawName.of("b"));
    assertEquals(EntryPath.of("a/b").toString(), place.toString());
    for (int i = 0; i < 100_000; i++) {
      place = place.child(RawName.of("deep"));
    }
    String shown = place.child(RawName.of("end")).toString();
    assertTrue(shown.startsWith("…/deep/") && shown.endsWith("/deep/end"), shown);
  }
}
