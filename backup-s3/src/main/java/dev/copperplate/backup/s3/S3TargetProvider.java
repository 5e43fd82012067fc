package dev.copperplate.backup.s3;

import dev.copperplate.backup.target.TargetProvider;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * Targets of places such as {@code
 * s3://bucket/prefix?endpoint=https://minio:9000&region=eu-central-1}.
 *
 * <p>Behind the question mark can stand {@code endpoint}, {@code region}, {@code path-style}
 * ({@code true} where there is an endpoint, unless said), {@code connections}, {@code
 * requests-per-second}, {@code checksums} ({@code content-md5} or {@code trailer}), {@code
 * lock-mode} ({@code compliance} or {@code governance}), {@code data-class} and {@code strict};
 * their meaning is that of {@link S3TargetBuilder}. Credentials never stand in a place: they are
 * what the SDK finds in the surroundings, {@code AWS_ACCESS_KEY_ID} and so on, as is the region,
 * and the endpoint in {@code AWS_ENDPOINT_URL_S3} or {@code AWS_ENDPOINT_URL}.
 */
public final class S3TargetProvider implements TargetProvider {

  private final Map<String, String> environment;

  /** For the service loader. */
  public S3TargetProvider() {
    this(System.getenv());
  }

  S3TargetProvider(Map<String, String> environment) {
    this.environment = environment;
  }

  @Override
  public String scheme() {
    return "s3";
  }

  @Override
  public S3Target target(String place) {
    int question = place.indexOf('?');
    String path = question < 0 ? place : place.substring(0, question);
    Map<String, String> settings = settings(question < 0 ? "" : place.substring(question + 1));
    String surroundings =
        environment.getOrDefault(
            "AWS_ENDPOINT_URL_S3", environment.getOrDefault("AWS_ENDPOINT_URL", ""));
    if (!surroundings.isEmpty()) {
      settings.putIfAbsent("endpoint", surroundings);
    }
    S3TargetBuilder builder = S3Target.builder(S3Location.parse(path));
    builder.pathStyle(settings.containsKey("endpoint"));
    settings.forEach((name, value) -> set(builder, name, value));
    return builder.build();
  }

  private static Map<String, String> settings(String query) {
    Map<String, String> settings = new TreeMap<>();
    if (query.isEmpty()) {
      return settings;
    }
    for (String each : query.split("&", -1)) {
      String[] parts = each.split("=", 2);
      if (parts.length != 2 || settings.put(parts[0], decoded(parts[1])) != null) {
        throw new IllegalArgumentException(
            "Not a setting such as region=eu-central-1, or twice: " + parts[0]);
      }
    }
    return settings;
  }

  private static String decoded(String value) {
    return URLDecoder.decode(value.replace("+", "%2B"), StandardCharsets.UTF_8);
  }

  private static void set(S3TargetBuilder builder, String name, String value) {
    switch (name) {
      case "endpoint" -> builder.endpoint(uri(value));
      case "region" -> builder.region(value);
      case "path-style" -> builder.pathStyle(flag(name, value));
      case "connections" -> builder.connections(number(name, value));
      case "requests-per-second" -> builder.requestsPerSecond(number(name, value));
      case "checksums" -> builder.checksums(word(ChecksumMode.class, name, value));
      case "lock-mode" -> builder.lockMode(word(LockMode.class, name, value));
      case "data-class" -> builder.dataClass(value);
      case "strict" -> builder.strict(flag(name, value));
      default -> throw new IllegalArgumentException("Nobody knows the setting " + name);
    }
  }

  private static URI uri(String value) {
    try {
      return new URI(value);
    } catch (URISyntaxException wrong) {
      // Without the text and the cause, which may hold credentials.
      throw new IllegalArgumentException("Not an endpoint such as https://minio:9000");
    }
  }

  private static boolean flag(String name, String value) {
    if (!value.equals("true") && !value.equals("false")) {
      throw new IllegalArgumentException(name + " is true or false: " + value);
    }
    return value.equals("true");
  }

  private static int number(String name, String value) {
    try {
      return Integer.parseInt(value);
    } catch (NumberFormatException wrong) {
      throw new IllegalArgumentException(name + " is no number: " + value, wrong);
    }
  }

  private static <E extends Enum<E>> E word(Class<E> words, String name, String value) {
    try {
      return Enum.valueOf(words, value.toUpperCase(Locale.ROOT).replace('-', '_'));
    } catch (IllegalArgumentException wrong) {
      throw new IllegalArgumentException("Not a word for " + name + ": " + value, wrong);
    }
  }
}
