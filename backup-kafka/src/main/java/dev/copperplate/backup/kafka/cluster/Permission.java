package dev.copperplate.backup.kafka.cluster;

/**
 * What an ACL has to allow.
 *
 * @param operation in the words of {@code kafka-acls}
 * @param resource {@code cluster}, {@code topic}, {@code group} or {@code transactional-id}
 * @param name of the resource; empty for the cluster
 */
public record Permission(String operation, String resource, String name) {

  public static Permission cluster(String operation) {
    return new Permission(operation, "cluster", "");
  }

  public static Permission topic(String operation, String name) {
    return new Permission(operation, "topic", name);
  }

  public static Permission group(String operation, String name) {
    return new Permission(operation, "group", name);
  }

  /** The command that grants it to a user whom the reader has to name. */
  public String command(String bootstrap) {
    return "kafka-acls --bootstrap-server "
        + bootstrap
        + " --add --allow-principal User:NAME --operation "
        + operation
        + " --"
        + resource
        + (name.isEmpty() ? "" : " " + quoted(name));
  }

  @Override
  public String toString() {
    return operation + " on " + (name.isEmpty() ? "the cluster" : resource + " '" + name + "'");
  }

  /** As one word for a shell. */
  private static String quoted(String text) {
    return "'" + text.replace("'", "'\\''") + "'";
  }
}
