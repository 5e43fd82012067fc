package dev.copperplate.backup.testkit.network;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Collectors;

/**
 * Several faults of a {@link FaultProxy}, composed by chance that a seed decides. Equal seeds give
 * equal schedules; {@link #toString} names everything, for the message of a test that failed.
 *
 * <p>A client that tries each thing ten times gets through: at most {@link #FAILING} of all
 * attempts fail. Some of them stall, so it needs time-outs, and the test is as slow as these are
 * long. Few are slow, by no more than {@link #LONGEST_PAUSE} a piece.
 *
 * <p>No bits flip. Nobody can notice that everywhere without TLS, and with TLS it is a connection
 * that breaks.
 */
public final class FaultSchedule {

  /** The share of connections and exchanges, together, that are broken in some way. */
  public static final double FAILING = 0.2;

  /** The longest time that a piece is kept waiting. */
  public static final Duration LONGEST_PAUSE = Duration.ofMillis(5);

  private static final int MOST_FAILING = 4;
  private static final int MOST_SLOW = 2;
  private static final double MOST_SLOW_SHARE = 0.05;
  private static final int LEAST_TRICKLE = 2048;

  private final long seed;
  private final List<Rule> rules;

  private FaultSchedule(long seed, List<Rule> rules) {
    this.seed = seed;
    this.rules = List.copyOf(rules);
  }

  /** One to four faults that break what they befall, and up to two that make it slow. */
  public static FaultSchedule random(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    List<Rule> rules = new ArrayList<>();
    int failing = random.nextInt(1, MOST_FAILING + 1);
    for (int i = 0; i < failing; i++) {
      rules.add(failing(random, FAILING / failing));
    }
    int slow = random.nextInt(MOST_SLOW + 1);
    for (int i = 0; i < slow; i++) {
      rules.add(slow(random));
    }
    return new FaultSchedule(seed, rules);
  }

  private static Rule failing(SplittableRandom random, double most) {
    double share = most * (0.1 + 0.9 * random.nextDouble());
    return switch (random.nextInt(8)) {
      case 0 -> Rule.on(connections(random, share), NetworkFault.refused());
      case 1 -> Rule.on(connections(random, share), ending(random));
      case 2, 3 -> Rule.on(exchanges(random, share), ending(random));
      case 4 -> Rule.on(exchanges(random, share), NetworkFault.answerLost());
      case 5 -> Rule.on(exchanges(random, share), NetworkFault.answerStalls());
      case 6 -> Rule.on(exchanges(random, share), slowDown(random));
      default -> Rule.on(exchanges(random, share), gatewayPage(random));
    };
  }

  /** Mostly within the first bytes, where heads are, at times within a large content. */
  private static NetworkFault ending(SplittableRandom random) {
    long bytes = random.nextLong(1L << random.nextInt(4, 22));
    return switch (random.nextInt(3)) {
      case 0 -> NetworkFault.closesAfter(direction(random), bytes);
      case 1 -> NetworkFault.resetsAfter(direction(random), bytes);
      default -> NetworkFault.stallsAfter(direction(random), bytes);
    };
  }

  private static NetworkFault slowDown(SplittableRandom random) {
    return NetworkFault.slowDown(Duration.ofSeconds(random.nextInt(2)));
  }

  private static NetworkFault gatewayPage(SplittableRandom random) {
    return NetworkFault.gatewayPage(502 + random.nextInt(3));
  }

  private static Rule slow(SplittableRandom random) {
    Exchanges exchanges = exchanges(random, MOST_SLOW_SHARE * random.nextDouble());
    Direction direction = direction(random);
    Duration pause = Duration.ofMillis(random.nextInt(1, (int) LONGEST_PAUSE.toMillis() + 1));
    return random.nextBoolean()
        ? Rule.on(exchanges, NetworkFault.latency(direction, pause))
        : Rule.on(
            exchanges,
            NetworkFault.trickles(
                direction, random.nextInt(LEAST_TRICKLE, Piece.MOST), Duration.ofMillis(1)));
  }

  private static Direction direction(SplittableRandom random) {
    return random.nextBoolean() ? Direction.UPSTREAM : Direction.DOWNSTREAM;
  }

  private static Connections connections(SplittableRandom random, double share) {
    return Connections.any().share(share, random.nextLong());
  }

  private static Exchanges exchanges(SplittableRandom random, double share) {
    return Exchanges.any().share(share, random.nextLong());
  }

  List<Rule> rules() {
    return rules;
  }

  /** What it was made from. */
  public long seed() {
    return seed;
  }

  @Override
  public String toString() {
    return rules.stream()
        .map(Rule::toString)
        .collect(Collectors.joining("\n  ", "FaultSchedule.random(" + seed + "L):\n  ", ""));
  }
}
