package dev.copperplate.backup.testkit.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class FaultScheduleTest {

  private static final int MANY = 2_000;

  @Property(tries = 200)
  void isTheSameForTheSameSeed(@ForAll long seed) {
    FaultSchedule schedule = FaultSchedule.random(seed);
    assertEquals(seed, schedule.seed());
    assertEquals(schedule.toString(), FaultSchedule.random(seed).toString());
    assertNotEquals(schedule.toString(), FaultSchedule.random(seed + 1).toString());
  }

  @Test
  void namesEverythingThatItDoes() {
    String all =
        LongStream.range(0, 200)
            .mapToObj(seed -> FaultSchedule.random(seed).toString())
            .reduce("", String::concat);
    for (String named :
        Set.of(
            "random(7L)",
            "connections: any, a share of 0.",
            "exchanges: any, a share of 0.",
            "Refusal",
            "fate=CLOSED",
            "fate=RESET",
            "fate=STALLED",
            "bytes=0",
            "Trickle",
            "SlowDown",
            "status=504",
            "UPSTREAM",
            "DOWNSTREAM")) {
      assertTrue(all.contains(named), named);
    }
  }

  @Property(tries = 100)
  void breaksNoMoreThanTheShareThatItStates(@ForAll long seed) {
    FaultSchedule schedule = FaultSchedule.random(seed);
    long broken = IntStream.rangeClosed(1, MANY).filter(number -> breaks(schedule, number)).count();
    // Four standard deviations of what chance does to so many.
    double most = FaultSchedule.FAILING * MANY + 4 * Math.sqrt(MANY * 0.16);
    assertTrue(broken <= most, broken + " of " + MANY + ": " + schedule);
  }

  private static boolean breaks(FaultSchedule schedule, long number) {
    return schedule.rules().stream()
        .filter(rule -> !(rule.fault() instanceof Trickle))
        .anyMatch(rule -> rule.befallsConnection(number) || rule.befallsExchange(number, 1));
  }

  @Test
  void choosesByTheNumberAloneInWhateverOrderItIsAsked() {
    Exchanges share = Connections.any().exchanges().share(0.3, 5);
    Set<String> up = new HashSet<>();
    Set<String> down = new HashSet<>();
    for (int i = 0; i < MANY; i++) {
      note(up, share, i);
      note(down, share, MANY - 1 - i);
    }
    assertEquals(up, down);
    assertTrue(Math.abs(up.size() - 0.3 * MANY) < 0.05 * MANY, up.size() + " of " + MANY);
  }

  @Test
  void choosesOthersByAnotherSeedAndOnAnotherConnection() {
    Set<String> one = new HashSet<>();
    Set<String> two = new HashSet<>();
    Set<Boolean> columns = new HashSet<>();
    for (int i = 0; i < MANY; i++) {
      note(one, Exchanges.any().share(0.5, 1), i);
      note(two, Exchanges.any().share(0.5, 2), i);
      columns.add(Exchanges.any().share(0.5, 1).choose(i, 1));
    }
    assertNotEquals(one, two);
    assertEquals(2, columns.size());
  }

  private static void note(Set<String> chosen, Exchanges exchanges, int i) {
    int connection = i / 10;
    int exchange = i % 10 + 1;
    if (exchanges.choose(connection, exchange)) {
      chosen.add(connection + "/" + exchange);
    }
  }

  @Test
  void choosesRanges() {
    assertEquals("3", chosen(Connections.nth(3)));
    assertEquals("12", chosen(Connections.first(2)));
    assertEquals("345", chosen(Connections.from(3)));
    assertEquals("34", chosen(Connections.from(3).to(4)));
    assertEquals("12345", chosen(Connections.any().to(5)));
    assertTrue(Connections.any().choose(-3));
    assertTrue(Exchanges.any().from(2).to(3).choose(7, 3));
    assertEquals(
        "connections: 3 to 4; exchanges: from 2",
        Connections.from(3).to(4).exchanges().from(2).toString());
  }

  private static String chosen(Connections connections) {
    StringBuilder numbers = new StringBuilder();
    for (int number = -1; number <= 5; number++) {
      numbers.append(connections.choose(number) ? Integer.toString(number) : "");
    }
    return numbers.toString();
  }
}
