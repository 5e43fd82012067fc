package dev.copperplate.backup.repository.format;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** An index file as objects, in its order. */
final class CollectedIndex implements IndexVisitor {

  private final Map<Sha256, List<PackEntry>> packs = new LinkedHashMap<>();
  final List<Sha256> doomed = new ArrayList<>();
  private List<PackEntry> last = new ArrayList<>();

  static Map<Sha256, List<PackEntry>> read(byte[] json) throws FormatException {
    CollectedIndex collected = new CollectedIndex();
    IndexReader.read(json, collected);
    return collected.packs;
  }

  @Override
  public void pack(Sha256 pack) {
    last = packs.computeIfAbsent(pack, absent -> new ArrayList<>());
  }

  @Override
  public void doomedPack(Sha256 pack) {
    doomed.add(pack);
  }

  @Override
  public void blob(ListedBlob blob) {
    last.add(blob.entry());
  }
}
