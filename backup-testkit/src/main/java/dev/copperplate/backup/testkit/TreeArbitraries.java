package dev.copperplate.backup.testkit;

import dev.copperplate.backup.Attributes;
import dev.copperplate.backup.EntryPath;
import dev.copperplate.backup.EntryType;
import dev.copperplate.backup.RawName;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;

/** Content of sources, for properties: names, files, trees, and how a tree changes over time. */
public final class TreeArbitraries {

  private static final int LONGEST_NAME = 255;
  private static final int LARGE = 1_500_000;
  private static final int MOST = 40;

  /** Names that quoting, escaping or sorting has gone wrong on, or might. */
  private static final List<String> NASTY =
      List.of(
          "\"quoted\"",
          "back\\slash",
          "\\x41\\u0041",
          "new\nline",
          "tab\tand\u000bvtab",
          "<&>",
          "\ud83d\ude00",
          "\uff5e beside supplementary",
          "\u0085\u009f",
          "\u2028\u2029",
          "\ufeff",
          "\ufffd",
          "e\u0301",
          "\u00e9",
          "\u0001\u001b[31m",
          " leading and trailing ",
          "...",
          "-rf",
          "*?[a]",
          "%2F%00",
          "CON",
          "~",
          "$(id)",
          "a",
          "a.",
          "a-",
          "A",
          "a\u00ff");

  private TreeArbitraries() {}

  /**
   * Names of entries: of any bytes, of any text, few short ones so that paths meet, and nasty ones.
   */
  public static Arbitrary<RawName> names() {
    Arbitrary<byte[]> anyBytes =
        Arbitraries.bytes().array(byte[].class).ofMinSize(1).ofMaxSize(LONGEST_NAME);
    Arbitrary<byte[]> text =
        Arbitraries.strings().ofMinLength(1).ofMaxLength(40).map(TreeArbitraries::utf8);
    Arbitrary<byte[]> few = Arbitraries.of("a", "b", "a.", "a\u00ff").map(TreeArbitraries::utf8);
    Arbitrary<byte[]> nasty = Arbitraries.of(nasty());
    return Arbitraries.oneOf(List.of(anyBytes, text, few, nasty))
        .map(RawName::of)
        .filter(EntryPath::isValid);
  }

  private static List<byte[]> nasty() {
    List<byte[]> names = new ArrayList<>(NASTY.stream().map(TreeArbitraries::utf8).toList());
    names.add(new byte[] {(byte) 0xff, (byte) 0xfe});
    names.add(new byte[] {(byte) 0xed, (byte) 0xa0, (byte) 0x80}); // Half a surrogate pair.
    names.add(new byte[] {(byte) 0xc0, (byte) 0xaf}); // An overlong slash.
    names.add(new byte[] {'c', (byte) 0xe2, (byte) 0x82}); // Cut in a character.
    names.add(utf8("l".repeat(LONGEST_NAME)));
    return names;
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** Paths of one to five names. */
  public static Arbitrary<EntryPath> paths() {
    return names().list().ofMinSize(1).ofMaxSize(5).map(EntryPath::new);
  }

  /**
   * Contents of files: mostly small, some empty, few of several chunks; some compress well, some
   * not at all, and some are equal.
   */
  public static Arbitrary<byte[]> contents() {
    Arbitrary<Integer> sizes =
        Arbitraries.frequencyOf(
            Tuple.of(3, Arbitraries.just(0)),
            Tuple.of(20, Arbitraries.integers().between(1, 10_000)),
            Tuple.of(1, Arbitraries.integers().between(600_000, LARGE)));
    return Combinators.combine(sizes, Arbitraries.integers().between(0, 9))
        .as(TreeArbitraries::content);
  }

  private static byte[] content(int size, int seed) {
    byte[] content = new byte[size];
    if (seed < 3) {
      Arrays.fill(content, (byte) seed);
    } else {
      new SplittableRandom(seed).nextBytes(content);
    }
    return content;
  }

  /** Permissions, owners and times of any kind; no links between files. */
  public static Arbitrary<Attributes> attributes() {
    Arbitrary<Instant> times =
        Arbitraries.longs()
            .between(-2_000_000_000_000_000_000L, 4_000_000_000_000_000_000L)
            .map(Instant.EPOCH::plusNanos);
    return Combinators.combine(
            Arbitraries.integers().between(0, 07777),
            times,
            Arbitraries.longs().between(0, 0xffff_ffffL),
            Arbitraries.of("", "root", "gr\u00f6\u00dfe"))
        .as(
            (permissions, time, owner, user) ->
                new Attributes(
                    permissions, time, time, time, owner, owner, user, user, 0, 0, 1, Map.of()));
  }

  /** Files, directories and links. */
  public static Arbitrary<Tree.Item> items() {
    Arbitrary<Tree.Item> files = Combinators.combine(attributes(), contents()).as(Tree.Item::file);
    Arbitrary<Tree.Item> links = Combinators.combine(attributes(), names()).as(Tree.Item::link);
    Arbitrary<Tree.Item> directories = attributes().map(Tree.Item::directory);
    return Arbitraries.frequencyOf(
        Tuple.of(4, files), Tuple.of(1, links), Tuple.of(1, directories));
  }

  /** Trees of up to some forty entries and the directories that lead to them. */
  public static Arbitrary<Tree> trees() {
    return placed().list().ofMaxSize(MOST).map(all -> changed(Tree.EMPTY, all));
  }

  /**
   * What a system is at one time after the other: each tree is the one before it, with some entries
   * added, exchanged and removed. For properties of several backups of one source.
   */
  public static Arbitrary<List<Tree>> histories() {
    Arbitrary<List<Placed>> changes = placed().list().ofMaxSize(6);
    return Combinators.combine(trees(), changes.list().ofMinSize(1).ofMaxSize(6))
        .as(TreeArbitraries::history);
  }

  private static List<Tree> history(Tree first, List<List<Placed>> changes) {
    List<Tree> trees = new ArrayList<>(List.of(first));
    for (List<Placed> change : changes) {
      trees.add(changed(trees.get(trees.size() - 1), change));
    }
    return List.copyOf(trees);
  }

  /** An entry and where it goes; the number chooses one of those that are there. */
  private record Placed(EntryPath path, Tree.Item item, int number) {}

  private static Arbitrary<Placed> placed() {
    return Combinators.combine(paths(), items(), Arbitraries.integers().between(0, 999))
        .as(Placed::new);
  }

  private static Tree changed(Tree before, List<Placed> all) {
    Tree tree = before;
    for (Placed each : all) {
      tree = changed(tree, each);
    }
    return tree;
  }

  private static Tree changed(Tree tree, Placed placed) {
    List<EntryPath> there = List.copyOf(tree.entries().keySet());
    EntryPath chosen = there.isEmpty() ? placed.path() : there.get(placed.number() % there.size());
    if (placed.number() % 7 == 0) {
      return tree.without(chosen);
    }
    boolean exchanged =
        placed.number() % 7 == 1
            && tree.entries().containsKey(chosen)
            && tree.entries().get(chosen).type() != EntryType.DIRECTORY;
    EntryPath path = exchanged ? chosen : placed.path();
    return exchanged || tree.isFree(path) ? tree.with(path, placed.item()) : tree;
  }
}
