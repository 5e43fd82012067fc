package dev.copperplate.backup.kafka.cluster;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.kafka.KafkaCluster;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;

/** Opens clients of a cluster. */
public final class Clients {

  private Clients() {}

  /**
   * Opens one; the caller closes it.
   *
   * @throws BackupException {@code INVALID} if it cannot be made with the properties; without
   *     Kafka's own words, which quote values such as the pieces of a broken JAAS configuration
   */
  public static Admin admin(KafkaCluster cluster) throws BackupException {
    try {
      return Admin.create(cluster.properties());
    } catch (KafkaException | IllegalArgumentException failure) {
      throw unusable(cluster.toString(), failure);
    }
  }

  /**
   * Why no client can be made, without Kafka's own words.
   *
   * @param cluster how people call it
   */
  public static BackupException unusable(String cluster, RuntimeException failure) {
    List<String> names = new ArrayList<>();
    for (Throwable each = failure; each != null; each = each.getCause()) {
      names.add(each.getClass().getSimpleName());
    }
    return new BackupException(
        Kind.INVALID,
        "No client of "
            + cluster
            + " can be made with its properties ("
            + String.join(", for ", names)
            + "): try them with kafka-broker-api-versions --command-config, which says more");
  }
}
