package dev.copperplate.backup.kafka.scratch;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScratchClusterTest {

  @TempDir Path directory;

  @Test
  void twoBrokersKeepTheirTopicsOverARestart() throws Exception {
    try (ScratchCluster cluster = ScratchCluster.start(directory, 2, Map.of());
        Admin admin = Admin.create(Map.of("bootstrap.servers", cluster.bootstrap()))) {
      admin
          .createTopics(List.of(new NewTopic("t", Optional.of(2), Optional.of((short) 2))))
          .all()
          .get(60, TimeUnit.SECONDS);
      cluster.stop();
      cluster.start();
      assertEquals(Set.of("t"), admin.listTopics().names().get(60, TimeUnit.SECONDS));
      assertEquals(cluster.id(), admin.describeCluster().clusterId().get(60, TimeUnit.SECONDS));
    }
  }
}
