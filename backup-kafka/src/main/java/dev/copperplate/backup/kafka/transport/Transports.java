package dev.copperplate.backup.kafka.transport;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.kafka.KafkaCluster;
import java.io.IOException;

/** Finds out how a cluster can be read. */
public final class Transports {

  private Transports() {}

  /**
   * A transport that asks for batches, where the kafka-clients on the class path and the broker
   * allow it, else one that reads records and says why ({@link BatchTransport#reason}).
   *
   * @param batcher makes batches of records, where they have to be read
   * @throws BackupException {@code UNAVAILABLE} if no broker answers in time; {@code DENIED} if the
   *     login is refused; {@code INVALID} if no client can be made with the properties
   */
  public static BatchTransport open(
      KafkaCluster cluster, TransportOptions options, RecordBatcher batcher)
      throws IOException, InterruptedException {
    String reason;
    try {
      return probed(RawTransport.of(cluster, options));
    } catch (BackupException unable) {
      if (unable.kind() != Kind.UNSUPPORTED) {
        throw unable;
      }
      reason = unable.getMessage();
    } catch (LinkageError missing) {
      reason = "The kafka-clients on the class path are not the ones that are known: " + missing;
    }
    return new ConsumerTransport(cluster, options, batcher, String.valueOf(reason));
  }

  private static RawTransport probed(RawTransport transport)
      throws IOException, InterruptedException {
    boolean fits = false;
    try {
      transport.probe();
      fits = true;
      return transport;
    } finally {
      if (!fits) {
        transport.close();
      }
    }
  }
}
