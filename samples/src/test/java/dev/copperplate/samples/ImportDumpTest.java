package dev.copperplate.samples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImportDumpTest {

  private static final Instant THEN = Instant.parse("2026-01-31T12:00:00Z");
  private static final String BEGIN = "--\n-- PostgreSQL database dump\n--\n\n";
  private static final String END = "\n--\n-- PostgreSQL database dump complete\n--\n\n";

  @TempDir Path directory;
  private Place place;

  @BeforeEach
  void makePlace() throws Exception {
    place = Place.in(directory);
  }

  @Test
  void eachDumpBecomesASnapshotOfItsOwnTime() throws Exception {
    Path old = dump("old.sql", END, THEN);
    Path older = dump("older.sql", END, THEN.minusSeconds(86_400));
    Invocation imported = run("--json", old, older).ending(ExitCode.SUCCESS);
    assertEquals(
        List.of(THEN.toString(), THEN.minusSeconds(86_400).toString()),
        snapshots(imported).stream().map(each -> each.get("time")).toList());
    String listed = place.run(ListSnapshots.PROGRAM).ending(ExitCode.SUCCESS).out();
    assertTrue(listed.contains("2026-01-30 12:00:00"), listed);
    assertTrue(listed.contains("/postgres-logical/orders"), listed);
  }

  @Test
  void aDumpThatWasCutOffIsStoredAsDamaged() throws Exception {
    Invocation imported = run("--json", dump("cut.sql", "", THEN), dump("whole.sql", END, THEN));
    imported.ending(ExitCode.PARTIAL);
    assertEquals(
        List.of("DAMAGED", "COMPLETE"),
        snapshots(imported).stream().map(each -> each.get("state")).toList());
  }

  @Test
  void theTimeOfOneDumpCanBeTold() throws Exception {
    Path copied = dump("copied.sql", END, Instant.parse("2026-02-15T00:00:00Z"));
    String told = "--taken-at=2026-01-31T13:00:00+01:00";
    Invocation imported = run("--json", told, copied).ending(ExitCode.SUCCESS);
    assertEquals(THEN.toString(), snapshots(imported).get(0).get("time"));
    run(told, copied, dump("another.sql", END, THEN)).ending(ExitCode.USAGE);
    run().ending(ExitCode.USAGE);
  }

  private Invocation run(Object... more) {
    Object[] arguments = new Object[more.length + 1];
    arguments[0] = "--name=orders";
    System.arraycopy(more, 0, arguments, 1, more.length);
    return place.run(ImportDump.PROGRAM, arguments);
  }

  @SuppressWarnings("unchecked")
  private static List<Map<String, Object>> snapshots(Invocation imported) throws IOException {
    return (List<Map<String, Object>>) imported.json().get("snapshots");
  }

  private Path dump(String name, String end, Instant written) throws IOException {
    Path dump = Files.writeString(directory.resolve(name), BEGIN + "SELECT 1;\n" + end);
    return Files.setLastModifiedTime(dump, FileTime.from(written));
  }
}
