package dev.copperplate.benchmarks.stages;

import dev.copperplate.backup.Attributes;
import dev.copperplate.backup.RawName;
import dev.copperplate.backup.repository.format.BlobIds;
import dev.copperplate.backup.repository.format.FormatException;
import dev.copperplate.backup.repository.format.TreeItem;
import dev.copperplate.backup.repository.format.TreeNode;
import dev.copperplate.backup.repository.format.TreeReader;
import dev.copperplate.backup.repository.format.TreeWriter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** The tree of a directory of a thousand small files. Times are of one entry. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class TreeStage {

  static final int ENTRIES = 1_000;

  private final List<TreeNode> nodes = nodes();
  private final byte[] tree = encode();

  @Benchmark
  @OperationsPerInvocation(ENTRIES)
  public byte[] encode() {
    TreeWriter writer = new TreeWriter();
    nodes.forEach(writer::add);
    return writer.finish();
  }

  /** Returns the entries. */
  @Benchmark
  @OperationsPerInvocation(ENTRIES)
  public List<TreeItem> decode() throws FormatException {
    List<TreeItem> items = new ArrayList<>(ENTRIES);
    try (TreeReader reader = new TreeReader(tree)) {
      for (TreeItem item = reader.next(); item != null; item = reader.next()) {
        items.add(item);
      }
    }
    return items;
  }

  static List<TreeNode> nodes() {
    SplittableRandom random = ManyBlobs.random();
    List<TreeNode> nodes = new ArrayList<>(ENTRIES);
    for (int i = 0; i < ENTRIES; i++) {
      RawName name = RawName.of(String.format(Locale.ROOT, "order-%05d.json", i));
      Instant time = Instant.ofEpochSecond(1_767_225_600 + i, random.nextInt(1_000_000_000));
      Attributes attributes =
          new Attributes(
              0644, time, time, time, 1000, 1000, "shop", "shop", 4_000_000 + i, 66, 1, Map.of());
      BlobIds content = BlobIds.of(ManyBlobs.id(random));
      nodes.add(TreeNode.file(name, attributes, 1 + random.nextInt(20_000), content));
    }
    return nodes;
  }
}
