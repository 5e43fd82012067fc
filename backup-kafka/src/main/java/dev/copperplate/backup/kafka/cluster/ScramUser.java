package dev.copperplate.backup.kafka.cluster;

import java.util.Comparator;

/**
 * A user of SCRAM. No broker tells more of one, so that the password has to come from elsewhere.
 *
 * @param mechanism {@code SCRAM-SHA-256} or {@code SCRAM-SHA-512}
 */
public record ScramUser(String user, String mechanism, int iterations) {

  static final Comparator<ScramUser> ORDER =
      Comparator.comparing(ScramUser::user).thenComparing(ScramUser::mechanism);

  Line line() {
    return new Line()
        .with("user", user)
        .with("mechanism", mechanism)
        .with("iterations", iterations);
  }

  static ScramUser of(Line line) {
    return new ScramUser(line.text("user"), line.text("mechanism"), line.integer("iterations"));
  }
}
