package dev.copperplate.backup.repository.check;

import dev.copperplate.backup.repository.format.Sha256;
import java.security.SecureRandom;
import java.util.BitSet;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/** Which packs a check reads, and in which order. */
public final class PackChoice {

  /** As far as one byte of an id tells shares apart. */
  private static final int SHARES_OF_RESTIC = 256;

  private PackChoice() {}

  /**
   * Whether a pack belongs to a share, by its id alone: by its first byte as restic does it, and by
   * more where there are more shares than bytes.
   *
   * @param share from 1
   */
  public static boolean isOf(Sha256 pack, int share, int of) {
    long first = of <= SHARES_OF_RESTIC ? pack.word(0) >>> 56 : pack.word(0) >>> 1;
    return first % of == share - 1;
  }

  /** So many percent of the packs, at least one if there is any; others each time. */
  public static List<Integer> sample(BitSet packs, double percent, SecureRandom random) {
    List<Integer> all = packs.stream().boxed().collect(Collectors.toList());
    Collections.shuffle(all, random);
    int count = (int) Math.ceil(all.size() * percent / 100);
    return all.subList(0, Math.min(count, all.size()));
  }

  /** All packs, those first that were not read for longest. */
  public static List<Integer> leastRecentFirst(Survey survey, ReadHistory history) {
    return survey.present().stream()
        .boxed()
        .sorted(
            Comparator.comparing((Integer pack) -> history.lastRead(pack))
                .thenComparing(pack -> survey.blobs().pack(pack)))
        .toList();
  }
}
