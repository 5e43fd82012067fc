package dev.copperplate.samples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ListSlotsTest {

  @Test
  void aSlotThatNobodyUsesIsShownWithWhatCanBeDone() throws Exception {
    try (TestServer server = TestServer.start()) {
      Invocation none = run(server).ending(ExitCode.SUCCESS);
      assertEquals("0 slots", none.out().strip());

      String create = "SELECT pg_create_physical_replication_slot('standby', true)";
      server.postgres().sql(create);
      Invocation listed = run(server).ending(ExitCode.PARTIAL);
      assertTrue(listed.out().startsWith("standby  unused  "), listed.out());
      assertTrue(listed.out().contains("pg_drop_replication_slot"), listed.out());

      Map<?, ?> slot = (Map<?, ?>) ((List<?>) run(server, "--json").json().get("slots")).get(0);
      assertEquals("UNUSED", slot.get("condition"));
      List<?> steps = (List<?>) slot.get("steps");
      assertTrue(
          steps.stream().anyMatch(each -> "drop standby".equals(((Map<?, ?>) each).get("name"))),
          steps::toString);
      assertEquals("1", server.postgres().sql("SELECT count(*) FROM pg_replication_slots"));
    }
  }

  private static Invocation run(TestServer server, String... more) {
    DemonstrationServer postgres = server.postgres();
    String[] arguments = new String[more.length + 3];
    arguments[0] = "--server=" + postgres.url("postgres");
    arguments[1] = "--user=postgres";
    arguments[2] = "--server-password-file=" + postgres.passwordFile();
    System.arraycopy(more, 0, arguments, 3, more.length);
    return Invocation.of(ListSlots.PROGRAM, arguments);
  }
}
