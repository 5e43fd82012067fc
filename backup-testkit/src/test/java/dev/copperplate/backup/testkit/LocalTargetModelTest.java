package dev.copperplate.backup.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupTarget;
import dev.copperplate.backup.ByteRange;
import dev.copperplate.backup.Content;
import dev.copperplate.backup.Cursor;
import dev.copperplate.backup.ObjectInfo;
import dev.copperplate.backup.ObjectKey;
import dev.copperplate.backup.PutOptions;
import dev.copperplate.backup.target.LocalTarget;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** A directory answers as memory does, whatever is asked of it. */
class LocalTargetModelTest {

  private static final List<String> KEYS =
      List.of("config", "data/0", "data/00/a", "data/00/b", "data/01/a", "locks/1", "locks/12");

  @Property(tries = 60)
  void aDirectoryAnswersAsMemoryDoes(@ForAll("questions") List<Question> questions)
      throws IOException {
    Path directory = Files.createTempDirectory("model");
    try (BackupTarget local = LocalTarget.at(directory);
        BackupTarget model = new MemoryTarget()) {
      for (Question question : questions) {
        assertEquals(answer(question, model), answer(question, local), question::toString);
      }
    } finally {
      remove(directory);
    }
  }

  @Provide
  Arbitrary<List<Question>> questions() {
    Arbitrary<String> keys = Arbitraries.of(KEYS);
    Arbitrary<String> prefixes =
        Combinators.combine(keys, Arbitraries.integers().between(0, 9))
            .as((key, length) -> key.substring(0, Math.min(length, key.length())));
    Arbitrary<Question> puts =
        Combinators.combine(keys, Arbitraries.integers().between(0, 3), Arbitraries.of(true, false))
            .as((key, size, ifAbsent) -> target -> put(target, key, size * 1000, ifAbsent));
    Arbitrary<Question> reads =
        Combinators.combine(
                keys, Arbitraries.longs().between(0, 4000), Arbitraries.longs().between(0, 4000))
            .as(
                (key, from, length) ->
                    target -> read(target, key, new ByteRange(from, from + length)));
    Arbitrary<Question> lists = prefixes.map(prefix -> target -> list(target, prefix));
    Arbitrary<Question> deletes =
        keys.list().ofMaxSize(3).map(some -> target -> delete(target, some));
    return Arbitraries.oneOf(puts, puts, reads, lists, deletes).list().ofMaxSize(25);
  }

  /** Something asked of a target, answered in a form that can be compared. */
  interface Question {
    Object ask(BackupTarget target) throws IOException;
  }

  private static Object answer(Question question, BackupTarget target) throws IOException {
    try {
      return question.ask(target);
    } catch (BackupException e) {
      return e.kind();
    }
  }

  private static Object put(BackupTarget target, String key, int size, boolean ifAbsent)
      throws IOException {
    byte[] bytes = new byte[size];
    Arrays.fill(bytes, (byte) size);
    PutOptions options = ifAbsent ? PutOptions.DATA.onlyIfAbsent() : PutOptions.DATA;
    target.put(new ObjectKey(key), Content.of(bytes), options);
    return "put";
  }

  private static Object read(BackupTarget target, String key, ByteRange range) throws IOException {
    try (InputStream in = target.read(new ObjectKey(key), range)) {
      return Arrays.toString(in.readAllBytes());
    }
  }

  private static Object list(BackupTarget target, String prefix) throws IOException {
    TreeMap<String, Long> sizes = new TreeMap<>();
    try (Cursor<ObjectInfo> cursor = target.list(prefix)) {
      for (ObjectInfo info = cursor.next(); info != null; info = cursor.next()) {
        sizes.put(info.key().value(), info.size());
      }
    }
    return sizes;
  }

  private static Object delete(BackupTarget target, List<String> keys) throws IOException {
    return target.delete(keys.stream().map(ObjectKey::new).toList());
  }

  private static void remove(Path directory) throws IOException {
    try (Stream<Path> all = Files.walk(directory)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
