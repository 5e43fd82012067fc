package dev.copperplate.backup.kafka.preflight;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.apache.kafka.common.acl.AclOperation;

/**
 * Remedies of findings: lines that a shell runs as they are, with Kafka's own programs. Who has to
 * log in adds {@code --command-config}. What no program can do stands in a comment.
 *
 * @param bootstrap servers
 * @param principal whom to grant to
 */
record Commands(String bootstrap, String principal) {

  /** Names in one command. */
  private static final int SLICE = 50;

  private static final String PLAIN = "[A-Za-z0-9.,:_/-]+";

  /** Grants operations on the cluster. */
  String grant(Collection<AclOperation> operations) {
    return grant(operations, " --cluster");
  }

  /**
   * Grants operations on resources of a kind.
   *
   * @param kind {@code topic} or {@code group}
   */
  String grant(Collection<AclOperation> operations, String kind, List<String> names) {
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < names.size(); i += SLICE) {
      lines.add(
          grant(
              operations,
              names.subList(i, Math.min(i + SLICE, names.size())).stream()
                  .map(each -> " --" + kind + " " + quoted(each))
                  .collect(Collectors.joining())));
    }
    return String.join("\n", lines);
  }

  private String grant(Collection<AclOperation> operations, String resources) {
    return program("kafka-acls")
        + " --add --allow-principal "
        + quoted(principal)
        + operations.stream()
            .sorted()
            .map(each -> " --operation " + word(each))
            .collect(Collectors.joining())
        + resources;
  }

  /** Sets an override, a line for each topic. */
  String set(String setting, String value, List<String> topics) {
    return topics.stream()
        .map(
            each ->
                program("kafka-configs")
                    + " --alter --entity-type topics --entity-name "
                    + quoted(each)
                    + " --add-config "
                    + setting
                    + "="
                    + value)
        .collect(Collectors.joining("\n"));
  }

  /** A program of Kafka with arguments that need no quotes. */
  String run(String program, String arguments) {
    return program(program) + " " + arguments;
  }

  /** A program of Kafka that looks at one thing. */
  String run(String program, String arguments, String name) {
    return run(program, arguments) + " " + quoted(name);
  }

  private String program(String name) {
    return name + " --bootstrap-server " + quoted(bootstrap);
  }

  /** In the words of {@code kafka-acls}, such as {@code DescribeConfigs}. */
  static String word(AclOperation operation) {
    return Arrays.stream(operation.name().split("_"))
        .map(each -> each.charAt(0) + each.substring(1).toLowerCase(Locale.ROOT))
        .collect(Collectors.joining());
  }

  private static String quoted(String text) {
    return text.matches(PLAIN) ? text : "'" + text.replace("'", "'\\''") + "'";
  }
}
