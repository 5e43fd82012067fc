package dev.copperplate.backup.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Stock restic, asked what it would forget of a repository: the one that {@code RESTIC} names, else
 * the one on the search path. Where there is none, tests that ask it are skipped; with {@code
 * CI=true} they fail instead.
 *
 * @param program its path
 * @param repository a directory
 * @param passwordFile of the repository
 */
record StockForget(Path program, Path repository, Path passwordFile) {

  private static final long LIMIT_SECONDS = 120;

  /**
   * One connection lists and reads snapshots one by one, so that those of the very same time stay
   * in the order in which {@link #listed} has them.
   */
  private static final List<String> GLOBAL =
      List.of("--no-cache", "--no-lock", "--json", "-o", "local.connections=1");

  /**
   * What restic says of the snapshots of one host.
   *
   * @param kept for each snapshot that it would keep, how many reasons it has; by id
   * @param removed ids
   */
  record Answer(Map<String, Integer> kept, List<String> removed) {}

  static StockForget at(Path repository, String password) throws IOException {
    Path file = repository.resolveSibling(repository.getFileName() + ".password");
    Files.writeString(file, password);
    return new StockForget(find(), repository, file);
  }

  private static Path find() {
    Optional<Path> named = Optional.ofNullable(System.getenv("RESTIC")).map(Path::of);
    String searched = Optional.ofNullable(System.getenv("PATH")).orElse("");
    return named
        .or(
            () ->
                Arrays.stream(searched.split(File.pathSeparator))
                    .map(each -> Path.of(each, "restic"))
                    .filter(Files::isExecutable)
                    .findFirst())
        .orElseGet(
            () -> {
              String message = "No restic: set RESTIC to the program";
              return Boolean.parseBoolean(System.getenv("CI")) ? fail(message) : abort(message);
            });
  }

  /** The ids of all snapshots, in the order in which restic comes upon them. */
  List<String> listed() throws IOException, InterruptedException {
    String all = run("UTC", List.of("list", "snapshots"));
    return Arrays.stream(all.split("\n")).map(each -> each.replace("\"", "")).toList();
  }

  /** What it would forget, for each host, on a machine in that zone. */
  Map<String, Answer> forget(ZoneId zone, List<String> arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("forget", "--dry-run"));
    command.addAll(arguments);
    try (JsonParser json = new JsonFactory().createParser(run(zone.getId(), command))) {
      Map<String, Answer> answers = new HashMap<>();
      assertEquals(JsonToken.START_ARRAY, json.nextToken());
      while (json.nextToken() == JsonToken.START_OBJECT) {
        readGroup(json, answers);
      }
      return answers;
    }
  }

  private static void readGroup(JsonParser json, Map<String, Answer> answers) throws IOException {
    String host = "";
    Answer answer = new Answer(new HashMap<>(), new ArrayList<>());
    while (json.nextToken() != JsonToken.END_OBJECT) {
      String field = json.currentName();
      JsonToken value = json.nextToken();
      if (field.equals("host")) {
        host = json.getText();
      } else if (value == JsonToken.START_ARRAY && field.equals("remove")) {
        while (json.nextToken() != JsonToken.END_ARRAY) {
          answer.removed().add(readSnapshot(json));
        }
      } else if (value == JsonToken.START_ARRAY && field.equals("reasons")) {
        while (json.nextToken() != JsonToken.END_ARRAY) {
          readReasons(json, answer.kept());
        }
      } else {
        json.skipChildren();
      }
    }
    answers.put(host, answer);
  }

  private static void readReasons(JsonParser json, Map<String, Integer> kept) throws IOException {
    String snapshot = "";
    int matches = 0;
    while (json.nextToken() != JsonToken.END_OBJECT) {
      String field = json.currentName();
      json.nextToken();
      if (field.equals("snapshot")) {
        snapshot = readSnapshot(json);
      } else if (field.equals("matches")) {
        while (json.nextToken() != JsonToken.END_ARRAY) {
          matches++;
        }
      } else {
        json.skipChildren();
      }
    }
    kept.put(snapshot, matches);
  }

  private static String readSnapshot(JsonParser json) throws IOException {
    String id = "";
    while (json.nextToken() != JsonToken.END_OBJECT) {
      String field = json.currentName();
      json.nextToken();
      if (field.equals("id")) {
        id = json.getText();
      } else {
        json.skipChildren();
      }
    }
    return id;
  }

  private String run(String zone, List<String> arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(program.toString()));
    command.addAll(GLOBAL);
    command.addAll(arguments);
    Path out = repository.resolveSibling("restic.out");
    Path err = repository.resolveSibling("restic.err");
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
    Map<String, String> environment = builder.environment();
    environment.keySet().removeIf(name -> name.startsWith("RESTIC"));
    environment.put("TZ", zone);
    environment.put("LC_ALL", "C");
    environment.put("RESTIC_REPOSITORY", repository.toString());
    environment.put("RESTIC_PASSWORD_FILE", passwordFile.toString());
    Process process = builder.start();
    process.getOutputStream().close();
    if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
      process.destroyForcibly().waitFor();
    }
    String said = Files.readString(err);
    assertTrue(said.isEmpty(), said);
    assertEquals(0, process.exitValue());
    return Files.readString(out);
  }
}
