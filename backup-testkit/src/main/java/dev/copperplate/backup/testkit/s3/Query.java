package dev.copperplate.backup.testkit.s3;

import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The parameters of a request, decoded. No parameter may stand twice. */
final class Query {

  private final Map<String, String> values = new TreeMap<>();

  Query(@Nullable String raw) {
    if (raw != null && !raw.isEmpty()) {
      for (String pair : raw.split("&", -1)) {
        add(pair);
      }
    }
  }

  private void add(String pair) {
    int equals = pair.indexOf('=');
    String name = UriText.decode(equals < 0 ? pair : pair.substring(0, equals), true);
    String value = equals < 0 ? "" : UriText.decode(pair.substring(equals + 1), true);
    if (values.put(name, value) != null) {
      throw S3Error.invalidArgument("A parameter stands twice", name, value);
    }
  }

  boolean has(String name) {
    return values.containsKey(name);
  }

  @Nullable String get(String name) {
    return values.get(name);
  }

  String get(String name, String otherwise) {
    return values.getOrDefault(name, otherwise);
  }

  Set<String> names() {
    return Collections.unmodifiableSet(values.keySet());
  }

  /** A number that is not negative. */
  int number(String name, int otherwise) {
    String value = values.get(name);
    if (value == null) {
      return otherwise;
    }
    try {
      int number = Integer.parseInt(value);
      if (number >= 0) {
        return number;
      }
    } catch (NumberFormatException e) {
      throw notNumber(name, value);
    }
    throw notNumber(name, value);
  }

  private static S3Error notNumber(String name, String value) {
    return S3Error.invalidArgument(
        "Argument " + name + " must be an integer between 0 and 2147483647", name, value);
  }

  /** As it is signed: sorted by the encoded names. */
  String canonical() {
    Map<String, String> encoded = new TreeMap<>();
    values.forEach(
        (name, value) -> encoded.put(UriText.encode(name, ""), UriText.encode(value, "")));
    return encoded.entrySet().stream()
        .map(each -> each.getKey() + '=' + each.getValue())
        .collect(Collectors.joining("&"));
  }
}
