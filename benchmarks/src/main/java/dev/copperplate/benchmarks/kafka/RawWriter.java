package dev.copperplate.benchmarks.kafka;

import dev.copperplate.backup.kafka.batch.Batch;
import dev.copperplate.backup.kafka.batch.Numbering;
import dev.copperplate.backup.kafka.batch.Renumbered;
import dev.copperplate.backup.kafka.transport.ProducerIdentity;
import dev.copperplate.backup.kafka.transport.RawTransport;
import dev.copperplate.backup.kafka.transport.TransportOptions;
import java.io.IOException;
import org.apache.kafka.common.TopicPartition;

/** Batches with other numbers, still compressed, one request at a time. */
final class RawWriter implements TopicWriter {

  private final String topic;
  private final RawTransport transport;
  private final ProducerIdentity identity;
  private final int[] sequences = new int[Cluster.PARTITIONS];

  RawWriter(Cluster cluster, String topic) throws IOException, InterruptedException {
    this.topic = topic;
    transport = RawTransport.of(cluster.kafka(), TransportOptions.DEFAULTS);
    identity = transport.initProducerId();
  }

  @Override
  public void write(int partition, Batch batch) throws IOException, InterruptedException {
    Numbering numbering =
        Numbering.at(0).producer(identity.id(), identity.epoch(), sequences[partition]);
    transport.produce(new TopicPartition(topic, partition), Renumbered.copy(batch, numbering));
    sequences[partition] += batch.records();
  }

  @Override
  public void close() throws IOException {
    transport.close();
  }
}
