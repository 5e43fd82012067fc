package dev.copperplate.backup.kafka.cluster;

import java.util.Collections;
import java.util.Comparator;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.kafka.common.quota.ClientQuotaEntity;
import org.jspecify.annotations.Nullable;

/**
 * What an entity of clients may use.
 *
 * @param entity names by type: {@code user}, {@code client-id}, {@code ip}; null is the default
 * @param limits by their keys, such as {@code consumer_byte_rate} in bytes a second
 */
public record Quota(Map<String, @Nullable String> entity, Map<String, Double> limits) {

  static final Comparator<Quota> ORDER = Comparator.comparing(Quota::words);

  public Quota {
    SortedMap<String, @Nullable String> names = new TreeMap<>(entity);
    entity = Collections.unmodifiableSortedMap(names);
    limits = Collections.unmodifiableSortedMap(new TreeMap<>(limits));
  }

  static Quota of(ClientQuotaEntity entity, Map<String, Double> limits) {
    return new Quota(entity.entries(), limits);
  }

  /** As Kafka calls it. */
  public ClientQuotaEntity toEntity() {
    return new ClientQuotaEntity(new TreeMap<>(entity));
  }

  /** The entity in words. */
  String words() {
    return entity.entrySet().stream()
        .map(each -> each.getValue() == null ? "default " + each.getKey() : named(each))
        .collect(Collectors.joining(", "));
  }

  private static String named(Map.Entry<String, @Nullable String> each) {
    return each.getKey() + " '" + each.getValue() + "'";
  }

  Line line() {
    return new Line().with("entity", entity).with("limits", limits);
  }

  static Quota of(Line line) {
    Map<String, @Nullable String> entity = new TreeMap<>();
    Line names = line.line("entity");
    for (String each : names.names()) {
      entity.put(each, names.isNull(each) ? null : names.text(each));
    }
    Map<String, Double> limits = new TreeMap<>();
    Line values = line.line("limits");
    for (String each : values.names()) {
      limits.put(each, values.real(each));
    }
    return new Quota(entity, limits);
  }
}
