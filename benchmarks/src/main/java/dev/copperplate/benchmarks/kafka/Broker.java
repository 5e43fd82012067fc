package dev.copperplate.benchmarks.kafka;

import dev.copperplate.backup.kafka.scratch.ScratchCluster;
import dev.copperplate.benchmarks.CommandLine;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Map;

/** A broker on loopback, which says where it listens and runs until standard input ends. */
public final class Broker {

  private static final String DIRECTORY = "--directory";

  /** Nothing happens in one of the rounds alone. */
  private static final Map<String, String> SETTINGS =
      Map.of("log.retention.ms", "-1", "log.cleaner.enable", "false");

  private Broker() {}

  public static void main(String[] arguments) throws IOException {
    CommandLine line =
        new CommandLine("Broker " + DIRECTORY + " DIR", List.of(DIRECTORY), arguments);
    try (ScratchCluster cluster = ScratchCluster.start(line.path(DIRECTORY), 1, SETTINGS)) {
      System.out.println(cluster.bootstrap());
      System.in.transferTo(OutputStream.nullOutputStream());
    }
  }
}
