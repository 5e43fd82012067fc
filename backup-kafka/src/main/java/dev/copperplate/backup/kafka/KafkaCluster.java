package dev.copperplate.backup.kafka;

import java.util.Collection;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Collectors;
import org.apache.kafka.clients.CommonClientConfigs;

/**
 * A cluster, by the properties with which the host's own clients reach it: bootstrap servers, TLS,
 * SASL. Everything that is opened with them is closed again.
 *
 * <p>Immutable. Its text names the bootstrap servers only.
 *
 * @see <a href="https://kafka.apache.org/documentation/#adminclientconfigs">Kafka, "Admin
 *     Configs"</a>
 */
public final class KafkaCluster {

  private final Map<String, Object> properties;

  private KafkaCluster(Map<String, Object> properties) {
    this.properties = Map.copyOf(properties);
    if (!this.properties.containsKey(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG)) {
      throw new IllegalArgumentException("No bootstrap.servers");
    }
  }

  /**
   * The cluster that these properties reach.
   *
   * @param properties of a client; what belongs to consumers or producers alone is passed on to
   *     them
   * @throws IllegalArgumentException without {@code bootstrap.servers}
   */
  public static KafkaCluster of(Map<String, ?> properties) {
    return new KafkaCluster(Map.copyOf(properties));
  }

  /** As {@link #of(Map)}; defaults of the properties count as well. */
  public static KafkaCluster of(Properties properties) {
    Map<String, String> all =
        properties.stringPropertyNames().stream()
            .collect(Collectors.toMap(name -> name, properties::getProperty));
    return of(all);
  }

  /** What clients are made with; may hold secrets. */
  public Map<String, Object> properties() {
    return properties;
  }

  /** The servers that are asked first, separated by commas. */
  public String bootstrap() {
    Object servers = properties.get(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG);
    return servers instanceof Collection<?> all
        ? all.stream().map(Object::toString).collect(Collectors.joining(","))
        : String.valueOf(servers);
  }

  @Override
  public String toString() {
    return "Kafka at " + bootstrap();
  }
}
