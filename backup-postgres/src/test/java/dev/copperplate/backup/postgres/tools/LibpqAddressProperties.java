package dev.copperplate.backup.postgres.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Properties;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.postgresql.Driver;

class LibpqAddressProperties {

  @Property(tries = 300)
  void noNameIsTakenForAParameter(@ForAll String database, @ForAll String user) throws Exception {
    Properties properties = of("jdbc:postgresql://db:5432/x");
    properties.setProperty("user", user);
    String uri = LibpqAddress.of(properties, "db").uri(database);
    assertTrue(uri.chars().allMatch(each -> each > ' ' && each < 127), uri);
    assertTrue(uri.startsWith("postgresql:///"), uri);
    String name = uri.substring("postgresql:///".length(), uri.indexOf('?'));
    assertEquals(utf8(database), URLDecoder.decode(name, StandardCharsets.UTF_8));
    assertEquals(utf8(user), parameters(uri).get("user"));
    assertEquals(5, parameters(uri).size(), uri); // host, port, user, TLS and what is wanted
  }

  /** Halves of characters, which no encoding has, become question marks. */
  private static String utf8(String text) {
    return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
  }

  @Example
  void whatTheDriverIsToldIsToldTheProgram() throws Exception {
    Properties properties =
        of(
            "jdbc:postgresql://a:1,[::1]:2/x?sslmode=verify-full&sslrootcert=/r&sslcert=/c&sslkey=/k"
                + "&connectTimeout=7&ApplicationName=app&options=-c%20geqo=off&gssEncMode=disable"
                + "&kerberosServerName=krb&channelBinding=require&targetServerType=preferSecondary"
                + "&requireAuth=scram-sha-256&sslNegotiation=direct");
    Map<String, String> told = parameters(LibpqAddress.of(properties, "db").uri("x"));
    Map<String, String> expected = new LinkedHashMap<>();
    expected.put("host", "a,::1");
    expected.put("port", "1,2");
    expected.put("sslmode", "verify-full");
    expected.put("sslrootcert", "/r");
    expected.put("sslcert", "/c");
    expected.put("sslkey", "/k");
    expected.put("connect_timeout", "7");
    expected.put("application_name", "app");
    expected.put("options", "-c geqo=off");
    expected.put("gssencmode", "disable");
    expected.put("krbsrvname", "krb");
    expected.put("channel_binding", "require");
    expected.put("target_session_attrs", "prefer-standby");
    expected.put("require_auth", "scram-sha-256");
    expected.put("sslnegotiation", "direct");
    assertEquals(expected, told);
  }

  @Example
  void theHostThatTheDriverChoseIsTheProgramsOnlyOne() throws Exception {
    Properties properties = of("jdbc:postgresql://a:1,b:2/x?targetServerType=secondary");
    Map<String, String> told =
        parameters(LibpqAddress.of(properties, "db").at("[::1]", 2).uri("x"));
    assertEquals("::1", told.get("host"));
    assertEquals("2", told.get("port"));
    assertEquals("any", told.get("target_session_attrs"));
  }

  @Example
  void aPasswordIsInNoAddress() throws Exception {
    Properties properties = of("jdbc:postgresql://a/x?password=canary");
    LibpqAddress address = LibpqAddress.of(properties, "db");
    assertFalse((address.uri("x") + address).contains("canary"));
  }

  @Example
  void whatTheProgramCannotBeToldIsRefusedByItsName() {
    for (String each :
        new String[] {
          "socketFactory=x",
          "sslfactory=x",
          "sslhostnameverifier=x",
          "sslpasswordcallback=x",
          "authenticationPluginClassName=x",
          "jaasApplicationName=x",
          "localSocketAddress=127.0.0.1"
        }) {
      assertRefused(each, each.substring(0, each.indexOf('=')));
    }
    assertRefused("sslkey=/k&sslpassword=canary", "sslpassword");
    assertRefused("sslkey=/k.p12", "PKCS #12");
    assertRefused("sslkey=/k.PFX", "PKCS #12");
  }

  private static void assertRefused(String query, String words) {
    BackupException refused =
        assertThrows(
            BackupException.class,
            () -> LibpqAddress.of(of("jdbc:postgresql://a/x?" + query), "the server"));
    assertEquals(Kind.UNSUPPORTED, refused.kind());
    String message = refused.getMessage();
    assertTrue(message.contains(words) && message.contains("dataOnly()"), message);
    assertFalse(message.contains("canary"), message);
  }

  private static Properties of(String url) {
    Properties parsed = Driver.parseURL(url, null);
    Properties flat = new Properties();
    parsed.stringPropertyNames().forEach(each -> flat.setProperty(each, parsed.getProperty(each)));
    return flat;
  }

  private static Map<String, String> parameters(String uri) {
    Map<String, String> parameters = new LinkedHashMap<>();
    for (String each : uri.substring(uri.indexOf('?') + 1).split("&")) {
      int equals = each.indexOf('=');
      parameters.put(
          each.substring(0, equals),
          URLDecoder.decode(each.substring(equals + 1), StandardCharsets.UTF_8));
    }
    return parameters;
  }
}
