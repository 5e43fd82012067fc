package dev.copperplate.backup.repository.prune;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.Finding;
import dev.copperplate.backup.repository.format.PackEntry;
import dev.copperplate.backup.repository.pack.BlobReader;
import dev.copperplate.backup.repository.pack.BlobWriter;
import dev.copperplate.backup.repository.run.Run;
import java.io.IOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Stores anew what is needed of packs that shall go. Several packs at once, each read from its
 * beginning to its end, blob by blob: authenticated, compared with its id, and sealed again.
 */
public final class Repacking {

  private final PackUse use;
  private final BlobReader from;
  private final BlobWriter to;
  private final Run run;
  private final BitSet spoiled = new BitSet();

  public Repacking(Survey survey, BlobReader from, BlobWriter to, Run run) {
    this.use = survey.use();
    this.from = from;
    this.to = to;
    this.run = run;
  }

  /**
   * Stores and lists everything; returns the packs that must stay all the same, because something
   * in them cannot be read.
   */
  public BitSet of(BitSet packs) throws IOException, InterruptedException {
    List<Integer> places = new ArrayList<>();
    int last = -1;
    for (int at = use.kept().nextSetBit(0); at >= 0; at = use.kept().nextSetBit(at + 1)) {
      int pack = use.stock().index().packAt(at);
      if (!packs.get(pack)) {
        continue;
      }
      // The places of a pack follow each other, but for those that two index files list.
      if (pack != last) {
        submit(last, places);
        places = new ArrayList<>();
        last = pack;
      }
      places.add(at);
    }
    submit(last, places);
    run.workers().join();
    to.flush();
    synchronized (spoiled) {
      return (BitSet) spoiled.clone();
    }
  }

  private void submit(int pack, List<Integer> places) throws IOException, InterruptedException {
    if (!places.isEmpty()) {
      var unused = run.workers().submit(() -> move(pack, places));
    }
  }

  private @Nullable Void move(int pack, List<Integer> places) throws IOException {
    for (int place : places) {
      PackEntry blob = use.stock().index().blobAt(place);
      try {
        to.transfer(blob.type(), blob.id(), from.readStored(blob.type(), blob.id()), true);
        run.advance(0, blob.length());
      } catch (BackupException failure) {
        if (failure.kind() != Kind.DAMAGED && failure.kind() != Kind.MISSING) {
          throw failure;
        }
        spoil(pack, failure);
        return null;
      }
    }
    run.advance(1, 0);
    return null;
  }

  private void spoil(int pack, BackupException failure) {
    synchronized (spoiled) {
      spoiled.set(pack);
    }
    run.report(
        Finding.error(
            "pack " + use.stock().index().pack(pack),
            "It stays as it is, because something that a snapshot needs cannot be read from it: "
                + failure.getMessage(),
            "Repair the repository from a replica, then prune again"));
  }
}
