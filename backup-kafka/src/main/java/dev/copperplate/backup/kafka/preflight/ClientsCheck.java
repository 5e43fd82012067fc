package dev.copperplate.backup.kafka.preflight;

import dev.copperplate.backup.Finding;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.admin.Admin;
import org.jspecify.annotations.Nullable;

/** Which kafka-clients this process has. */
final class ClientsCheck implements PreflightCheck {

  private static final String RESOURCE = "/kafka/kafka-version.properties";
  private static final Pattern LINE = Pattern.compile("([0-9]+)\\.([0-9]+).*");

  /** As major times 100 plus minor. */
  private static final int OLDEST = 309;

  private static final int OLDEST_WITH_ALL_GROUPS = 401;
  private static final int NEWEST_TRIED = 403;

  private final String version;

  ClientsCheck(String version) {
    this.version = version;
  }

  /** For those on the class path. */
  static ClientsCheck here() throws IOException {
    try (@Nullable InputStream told = Admin.class.getResourceAsStream(RESOURCE)) {
      Properties properties = new Properties();
      if (told != null) {
        properties.load(told);
      }
      return new ClientsCheck(properties.getProperty("version", "unknown"));
    }
  }

  @Override
  public String subject() {
    return "kafka-clients";
  }

  @Override
  public void look(List<Finding> findings) {
    int line = line(version);
    String what = "This process has kafka-clients " + version;
    if (line == 0) {
      findings.add(Finding.info(subject(), "Which kafka-clients this process has is not told"));
    } else if (line < OLDEST) {
      findings.add(
          Finding.error(
              subject(),
              what + ", which is older than all that are known to work",
              "# add org.apache.kafka:kafka-clients:4.1.1 to the class path"));
    } else if (line < OLDEST_WITH_ALL_GROUPS) {
      findings.add(
          Finding.warning(
              subject(),
              what + ", which does not know all types of groups: they are not captured",
              "# add org.apache.kafka:kafka-clients:4.1.1 to the class path"));
    } else {
      findings.add(
          Finding.info(
              subject(), line > NEWEST_TRIED ? what + ", newer than those that were tried" : what));
    }
  }

  private static int line(String version) {
    Matcher matcher = LINE.matcher(version);
    return matcher.matches()
        ? Integer.parseInt(matcher.group(1)) * 100 + Integer.parseInt(matcher.group(2))
        : 0;
  }
}
