package dev.copperplate.backup.postgres.drill;

import dev.copperplate.backup.postgres.RecoveryTarget;
import dev.copperplate.backup.postgres.scratch.PostgresBinaries;
import dev.copperplate.backup.postgres.scratch.ServerUser;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What a user chose.
 *
 * @param programs a bin directory; else the embedded server on the class path
 * @param user who runs the server; else whoever can
 * @param role a superuser of the cluster
 * @param target how far recovery goes
 * @param libraries that are loaded with the server
 * @param answers that are expected
 * @param limit of recovery, and of each statement
 */
public record DrillChoices(
    Optional<Path> programs,
    Optional<String> user,
    String role,
    RecoveryTarget target,
    List<String> libraries,
    List<Answer> answers,
    Duration limit) {

  private static final Duration LIMIT = Duration.ofHours(6);

  public static DrillChoices with(Optional<Path> programs) {
    return new DrillChoices(
        programs,
        Optional.empty(),
        "postgres",
        RecoveryTarget.latest(),
        List.of(),
        List.of(),
        LIMIT);
  }

  public DrillChoices user(String other) {
    return new DrillChoices(programs, Optional.of(other), role, target, libraries, answers, limit);
  }

  public DrillChoices role(String other) {
    return new DrillChoices(programs, user, other, target, libraries, answers, limit);
  }

  public DrillChoices target(RecoveryTarget other) {
    return new DrillChoices(programs, user, role, other, libraries, answers, limit);
  }

  public DrillChoices libraries(List<String> other) {
    return new DrillChoices(programs, user, role, target, other, answers, limit);
  }

  public DrillChoices answer(Answer another) {
    List<Answer> more = Stream.concat(answers.stream(), Stream.of(another)).toList();
    return new DrillChoices(programs, user, role, target, libraries, more, limit);
  }

  public DrillChoices limit(Duration other) {
    return new DrillChoices(programs, user, role, target, libraries, answers, other);
  }

  /** The programs that were chosen. */
  PostgresBinaries binaries() throws IOException, InterruptedException {
    return programs.isPresent()
        ? PostgresBinaries.at(programs.get())
        : PostgresBinaries.embedded(PostgresBinaries.defaultCache());
  }

  /** Who runs the server. */
  ServerUser serverUser() throws IOException, InterruptedException {
    return user.isPresent() ? ServerUser.named(user.get()) : ServerUser.unprivileged();
  }
}
