package dev.copperplate.backup.postgres.slots;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A connection string of libpq, as keywords and values or as an address, and what of it is no
 * secret. Only parameters that are known to hold none are kept.
 *
 * @see <a href="https://www.postgresql.org/docs/17/libpq-connect.html">PostgreSQL, "Connection
 *     Strings"</a>
 */
final class ConnectionText {

  private static final Set<String> HARMLESS =
      Set.of(
          "application_name",
          "channel_binding",
          "connect_timeout",
          "dbname",
          "gssencmode",
          "host",
          "hostaddr",
          "keepalives",
          "keepalives_count",
          "keepalives_idle",
          "keepalives_interval",
          "krbsrvname",
          "load_balance_hosts",
          "port",
          "require_auth",
          "sslcert",
          "sslcrl",
          "sslkey",
          "sslmode",
          "sslnegotiation",
          "sslrootcert",
          "target_session_attrs",
          "tcp_user_timeout",
          "user");

  private static final List<String> SCHEMES = List.of("postgresql://", "postgres://");

  private final Map<String, String> parameters = new LinkedHashMap<>();
  private final String text;
  private int at;

  private ConnectionText(String text) {
    this.text = text;
  }

  /**
   * All parameters, the secret ones too; empty if libpq would not understand it, or if it may
   * understand something else than was meant.
   */
  static Optional<Map<String, String>> parse(String text) {
    ConnectionText reading = new ConnectionText(text);
    try {
      Optional<String> scheme = SCHEMES.stream().filter(text::startsWith).findFirst();
      if (scheme.isPresent()) {
        reading.at = scheme.get().length();
        reading.address();
      } else {
        reading.keywords();
      }
      return Optional.of(reading.parameters);
    } catch (IllegalArgumentException malformed) {
      return Optional.empty();
    }
  }

  /**
   * What may be shown of parameters. Empty if a piece of a secret may have come to lie in another
   * parameter, as it does where the password of an address holds a slash.
   */
  static Optional<Map<String, String>> harmless(Map<String, String> parameters) {
    Map<String, String> kept = new LinkedHashMap<>(parameters);
    kept.keySet().retainAll(HARMLESS);
    boolean strange =
        kept.values().stream().anyMatch(ConnectionText::isNested)
            || !kept.getOrDefault("port", "").matches("[0-9, ]*");
    return strange ? Optional.empty() : Optional.of(kept);
  }

  private static boolean isNested(String value) {
    return value.contains("@") || value.contains("://") || value.contains("password");
  }

  /** One of a connection string of keywords and values. */
  static String parameter(String name, String value) {
    return name + "='" + value.replace("\\", "\\\\").replace("'", "\\'") + "'";
  }

  private void keywords() {
    for (blanks(); at < text.length(); blanks()) {
      String name = until("= \t\n\r\f\u000b");
      blanks();
      if (at == text.length() || text.charAt(at) != '=' || name.isEmpty()) {
        throw malformed();
      }
      at++;
      blanks();
      boolean quoted = at < text.length() && text.charAt(at) == '\'';
      parameters.put(name, quoted ? quotedValue() : plainValue());
    }
  }

  private String quotedValue() {
    StringBuilder value = new StringBuilder();
    for (at++; at < text.length() && text.charAt(at) != '\''; at++) {
      value.append(unescaped());
    }
    if (at == text.length()) {
      throw malformed();
    }
    at++;
    return value.toString();
  }

  private String plainValue() {
    StringBuilder value = new StringBuilder();
    for (; at < text.length() && !isBlank(text.charAt(at)); at++) {
      value.append(unescaped());
    }
    return value.toString();
  }

  private char unescaped() {
    if (text.charAt(at) == '\\' && at + 1 < text.length()) {
      at++;
    }
    return text.charAt(at);
  }

  private void blanks() {
    while (at < text.length() && isBlank(text.charAt(at))) {
      at++;
    }
  }

  private static boolean isBlank(char each) {
    return each == ' ' || each >= '\t' && each <= '\r';
  }

  private void address() {
    login();
    if (text.indexOf('@', at) >= 0) {
      throw malformed(); // libpq takes it, but a password with a slash or an at sign looks like
      // this
    }
    hosts();
    if (next('/')) {
      put("dbname", until("?"));
    }
    if (next('?')) {
      for (String each : text.substring(at).split("&", -1)) {
        parameter(each);
      }
    }
  }

  private void login() {
    int begin = at;
    String ahead = until("@/");
    if (!next('@')) {
      at = begin;
      return;
    }
    int colon = ahead.indexOf(':');
    put("user", colon < 0 ? ahead : ahead.substring(0, colon));
    put("password", colon < 0 ? "" : ahead.substring(colon + 1));
  }

  private void hosts() {
    List<String> hosts = new ArrayList<>();
    List<String> ports = new ArrayList<>();
    do {
      hosts.add(next('[') ? bracketed() : until(":/?,"));
      ports.add(next(':') ? until("/?,") : "");
    } while (next(','));
    put("host", String.join(",", hosts));
    put("port", String.join(",", ports));
  }

  private String bracketed() {
    String host = until("]");
    if (!next(']')) {
      throw malformed();
    }
    return host;
  }

  private void parameter(String assignment) {
    int equals = assignment.indexOf('=');
    if (assignment.isEmpty()) {
      return;
    }
    if (equals < 0 || assignment.indexOf('=', equals + 1) >= 0) {
      throw malformed();
    }
    put(decoded(assignment.substring(0, equals)), assignment.substring(equals + 1));
  }

  private void put(String name, String encoded) {
    if (!encoded.isEmpty()) {
      parameters.put(name, decoded(encoded));
    }
  }

  private String decoded(String encoded) {
    byte[] from = encoded.getBytes(StandardCharsets.UTF_8);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (int i = 0; i < from.length; i++) {
      if (from[i] != '%') {
        bytes.write(from[i]);
      } else if (i + 2 < from.length) {
        bytes.write(digit(from[++i]) << 4 | digit(from[++i]));
      } else {
        throw malformed();
      }
    }
    try {
      ByteBuffer all = ByteBuffer.wrap(bytes.toByteArray());
      return StandardCharsets.UTF_8.newDecoder().decode(all).toString();
    } catch (CharacterCodingException e) {
      throw malformed();
    }
  }

  private int digit(byte hexadecimal) {
    int digit = Character.digit(hexadecimal, 16);
    if (digit < 0) {
      throw malformed();
    }
    return digit;
  }

  /** Takes what comes before any of the characters, or the rest. */
  private String until(String ends) {
    int begin = at;
    while (at < text.length() && ends.indexOf(text.charAt(at)) < 0) {
      at++;
    }
    return text.substring(begin, at);
  }

  private boolean next(char expected) {
    boolean there = at < text.length() && text.charAt(at) == expected;
    at += there ? 1 : 0;
    return there;
  }

  /** Without the text, which may be full of secrets. */
  private static IllegalArgumentException malformed() {
    return new IllegalArgumentException("Not a connection string");
  }
}
