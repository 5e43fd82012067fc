package dev.copperplate.samples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the documents say of files, commands and code holds. */
class DocumentsTest {

  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
  private static final Map<String, Program> PROGRAMS = new LinkedHashMap<>();

  static {
    PROGRAMS.put("BackupDirectory", BackupDirectory.PROGRAM);
    PROGRAMS.put("ListSnapshots", ListSnapshots.PROGRAM);
    PROGRAMS.put("CheckRepository", CheckRepository.PROGRAM);
    PROGRAMS.put("RestoreSnapshot", RestoreSnapshot.PROGRAM);
    PROGRAMS.put("ApplyRetention", ApplyRetention.PROGRAM);
    PROGRAMS.put("PruneRepository", PruneRepository.PROGRAM);
    PROGRAMS.put("CopyRepository", CopyRepository.PROGRAM);
  }

  private static final Pattern LINK = Pattern.compile("\\]\\(([^)#\\s]+)(#[^)]*)?\\)");
  private static final Pattern BLOCK = Pattern.compile("(?ms)^```(\\w+)\n(.*?)^```$");

  @Test
  void readmeShowsCodeThatIsCompiledAndRun() throws Exception {
    List<String> blocks = blocks(readme(), "java");
    assertEquals(
        List.of(
            region("FirstBackup"),
            region("BackupsInABucket"),
            region("ProvedPostgres"),
            region("KeptBackups")),
        blocks);
  }

  /** The lines of a class that the README shows; a test of the class runs them. */
  private static String region(String name) throws IOException {
    String source =
        Files.readString(
            ROOT.resolve("samples/src/main/java/dev/copperplate/samples/" + name + ".java"));
    int from = source.indexOf('\n', source.indexOf("// @start region=\"readme\"")) + 1;
    int to = source.lastIndexOf('\n', source.indexOf("// @end")) + 1;
    return source.substring(from, to).stripTrailing().stripIndent() + "\n";
  }

  @Test
  void readmeNamesTheTwoCommands() throws Exception {
    assertTrue(readme().lines().anyMatch("mvn -q -Pquickstart"::equals));
    assertTrue(Files.readString(ROOT.resolve("pom.xml")).contains("<id>quickstart</id>"));
    assertTrue(readme().lines().anyMatch("mvn verify"::equals));
    assertTrue(Files.readString(ROOT.resolve(".ci/run")).contains("\ntest_command='mvn verify'\n"));
  }

  /** In the order in which they stand there, with places of this test for those of the README. */
  @Test
  void theProgramsRunAsTheReadmeStartsThem(@TempDir Path directory) throws Exception {
    Path place = directory.toRealPath();
    Path documents = Files.createDirectory(place.resolve("etc"));
    Files.writeString(documents.resolve("hosts"), "127.0.0.1 localhost");
    Files.writeString(place.resolve("secret"), "from the README");
    List<List<String>> commands = programCommands();
    assertEquals(
        List.copyOf(PROGRAMS.keySet()), commands.stream().map(each -> each.get(0)).toList());
    for (List<String> command : commands) {
      String[] arguments =
          command.stream()
              .skip(1)
              .map(each -> each.equals("secret") ? "/secret" : each)
              .map(each -> each.startsWith("/") ? place + each : each)
              .toArray(String[]::new);
      Invocation.of(PROGRAMS.get(command.get(0)), arguments).ending(ExitCode.SUCCESS);
    }
    Path restored = place.resolve("restored" + documents).resolve("hosts");
    assertEquals("127.0.0.1 localhost", Files.readString(restored));
  }

  /** The name of each program that the README starts with {@code java -cp}, and its arguments. */
  private static List<List<String>> programCommands() throws IOException {
    List<List<String>> commands = new ArrayList<>();
    String start = "java -cp samples/target/samples-all.jar dev.copperplate.samples.";
    for (String block : blocks(readme(), "sh")) {
      for (String line : block.replaceAll("\\\\\n\\s*", "").lines().toList()) {
        if (line.startsWith(start)) {
          commands.add(List.of(line.substring(start.length()).split(" ")));
        }
      }
    }
    return commands;
  }

  @Test
  void coordinatesAreThoseOfTheBuild() throws Exception {
    String version = version(Files.readString(ROOT.resolve("pom.xml")));
    String coordinates = blocks(readme(), "xml").get(0);
    assertEquals(version, version(coordinates));
    for (String artifact : List.of("backup-bom", "backup-core", "backup-s3", "backup-postgres")) {
      assertTrue(coordinates.contains("<artifactId>" + artifact + "</artifactId>"));
      assertTrue(Files.isRegularFile(ROOT.resolve(artifact).resolve("pom.xml")), artifact);
    }
  }

  @Test
  void everyLinkLeadsSomewhere() throws Exception {
    List<String> broken = new ArrayList<>();
    for (Path document : documents()) {
      for (MatchResult each : LINK.matcher(Files.readString(document)).results().toList()) {
        String target = each.group(1);
        if (!target.contains(":") && !Files.exists(document.resolveSibling(target))) {
          broken.add(ROOT.relativize(document) + " -> " + target);
        }
      }
    }
    assertEquals(List.of(), broken);
  }

  private static String version(String xml) {
    return xml.replaceAll("(?s).*?<version>([^<]+)</version>.*", "$1");
  }

  private static String readme() throws IOException {
    return Files.readString(ROOT.resolve("README.md"));
  }

  private static List<String> blocks(String markdown, String language) {
    return BLOCK
        .matcher(markdown)
        .results()
        .filter(each -> each.group(1).equals(language))
        .map(each -> each.group(2))
        .toList();
  }

  private static List<Path> documents() throws IOException {
    List<Path> documents = new ArrayList<>();
    try (Stream<Path> top = Files.list(ROOT);
        Stream<Path> docs = Files.walk(ROOT.resolve("docs"))) {
      Stream.concat(top, docs)
          .filter(each -> each.toString().endsWith(".md"))
          .forEach(documents::add);
    }
    return documents;
  }
}
