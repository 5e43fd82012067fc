package dev.copperplate.backup.kafka.cluster;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.Finding;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterUserScramCredentialsOptions;
import org.apache.kafka.clients.admin.DescribeUserScramCredentialsOptions;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialAlteration;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;
import org.apache.kafka.clients.admin.UserScramCredentialsDescription;
import org.apache.kafka.common.KafkaFuture;
import org.jspecify.annotations.Nullable;

/** SCRAM users whose passwords somebody has. Passwords are asked for when they are set. */
final class ScramReplay {

  static final String KIND = "scram";

  /** What brokers take; more would keep this process busy for as long as a snapshot says. */
  private static final int MIN_ITERATIONS = 4096;

  private static final int MAX_ITERATIONS = 16384;

  private final Admin admin;
  private final Answers answers;
  private final boolean replacing;
  private final Function<String, char @Nullable []> passwords;
  private final Consumer<Finding> report;

  ScramReplay(
      Admin admin,
      ReplayWishes wishes,
      Function<String, char @Nullable []> passwords,
      Consumer<Finding> report) {
    this.admin = admin;
    this.answers = new Answers(wishes.limit());
    this.replacing = wishes.replacing();
    this.passwords = passwords;
    this.report = report;
  }

  Changes<ScramUser> plan(List<ScramUser> stored) throws BackupException, InterruptedException {
    Set<String> there = there();
    List<Change<ScramUser>> changes = new ArrayList<>();
    int present = 0;
    for (ScramUser each : stored) {
      boolean exists = there.contains(name(each.user(), each.mechanism()));
      if (!isValid(each)) {
        report.accept(
            Finding.error(
                words(each),
                "No broker takes its mechanism or its " + each.iterations() + " iterations",
                "Create the user with kafka-configs"));
      } else if (exists && !replacing) {
        present++;
      } else {
        changes.add(change(each, exists));
      }
    }
    return new Changes<>(KIND, changes, present, 0, this::send);
  }

  private Set<String> there() throws BackupException, InterruptedException {
    Map<String, UserScramCredentialsDescription> told =
        answers.of(
            "Reading the SCRAM users that are there",
            admin
                .describeUserScramCredentials(
                    List.of(), answers.within(new DescribeUserScramCredentialsOptions()))
                .all(),
            Permission.cluster("Describe"));
    Set<String> there = new HashSet<>();
    told.values()
        .forEach(
            user ->
                user.credentialInfos()
                    .forEach(
                        each -> there.add(name(user.name(), each.mechanism().mechanismName()))));
    return there;
  }

  private static String name(String user, String mechanism) {
    return mechanism + " " + user;
  }

  private static boolean isValid(ScramUser user) {
    return ScramMechanism.fromMechanismName(user.mechanism()) != ScramMechanism.UNKNOWN
        && user.iterations() >= MIN_ITERATIONS
        && user.iterations() <= MAX_ITERATIONS;
  }

  private static String words(ScramUser user) {
    return user.mechanism() + " of user '" + user.user() + "'";
  }

  private static Change<ScramUser> change(ScramUser user, boolean exists) {
    return new Change<>(
        user.user(),
        user,
        "set " + words(user) + " if there is a password for it",
        exists ? List.of("the password in " + words(user)) : List.of(),
        Permission.cluster("Alter"));
  }

  private Map<?, KafkaFuture<Void>> send(List<ScramUser> users) {
    List<UserScramCredentialAlteration> alterations = new ArrayList<>();
    for (ScramUser each : users) {
      char[] password = passwords.apply(each.user());
      if (password == null) {
        report.accept(
            Finding.warning(
                words(each), "There is no password for it: not restored", "Supply its password"));
      } else {
        alterations.add(upsertion(each, password));
      }
    }
    return alterations.isEmpty()
        ? Map.of()
        : admin
            .alterUserScramCredentials(
                alterations, answers.within(new AlterUserScramCredentialsOptions()))
            .values();
  }

  private static UserScramCredentialAlteration upsertion(ScramUser user, char[] password) {
    ByteBuffer encoded = StandardCharsets.UTF_8.encode(CharBuffer.wrap(password));
    byte[] bytes = new byte[encoded.remaining()];
    encoded.get(bytes);
    Arrays.fill(encoded.array(), (byte) 0);
    Arrays.fill(password, '\0');
    return new UserScramCredentialUpsertion(
        user.user(),
        new ScramCredentialInfo(
            ScramMechanism.fromMechanismName(user.mechanism()), user.iterations()),
        bytes);
  }
}
