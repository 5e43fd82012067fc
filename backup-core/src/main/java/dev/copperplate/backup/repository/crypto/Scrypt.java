package dev.copperplate.backup.repository.crypto;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.IntBuffer;
import java.util.Arrays;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.generators.PKCS5S2ParametersGenerator;
import org.bouncycastle.crypto.params.KeyParameter;
import org.jspecify.annotations.Nullable;

/**
 * The key derivation scrypt. It is here, beside the one in Bouncy Castle, because a program pays
 * for it each time it starts, and Bouncy Castle's goes through the p independent parts one after
 * the other ({@code docs/decisions/0014}).
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc7914">RFC 7914</a>
 */
final class Scrypt {

  /** Ints of a block of Salsa20, of which a block of scrypt has 2r. */
  private static final int SALSA = 16;

  /** Memory is for the service around: two parts at once only where they take little of it. */
  private static final int SHARE_OF_HEAP = 8;

  private Scrypt() {}

  /** The first {@code size} bytes of the key; the caller wipes the password. */
  static byte[] derive(byte[] password, byte[] salt, int n, int r, int p, int size) {
    int partSize = Integer.BYTES * 2 * SALSA * r;
    byte[] parts = pbkdf2(password, salt, p * partSize);
    long memory = 2L * n * partSize;
    if (p > 1 && memory <= Runtime.getRuntime().maxMemory() / SHARE_OF_HEAP) {
      Half half = new Half(() -> mix(parts, partSize, n, p / 2, p));
      mix(parts, partSize, n, 0, p / 2);
      half.await();
    } else {
      mix(parts, partSize, n, 0, p);
    }
    byte[] key = pbkdf2(password, parts, size);
    Arrays.fill(parts, (byte) 0);
    return key;
  }

  /** What a thread of its own does meanwhile. */
  private static final class Half {

    private final FutureTask<Void> task;

    Half(Runnable work) {
      task = new FutureTask<>(work, null);
      Thread thread = new Thread(task, "copperplate-key");
      thread.setDaemon(true);
      thread.start();
    }

    /** Takes no longer than the other half, so an interruption can wait. */
    void await() {
      boolean interrupted = false;
      while (true) {
        try {
          task.get();
          break;
        } catch (InterruptedException later) {
          interrupted = true;
        } catch (ExecutionException failed) {
          throw new IllegalStateException("Half of a key could not be derived", failed.getCause());
        }
      }
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private static byte[] pbkdf2(byte[] password, byte[] salt, int size) {
    PKCS5S2ParametersGenerator generator = new PKCS5S2ParametersGenerator(new SHA256Digest());
    generator.init(password, salt, 1);
    return ((KeyParameter) generator.generateDerivedMacParameters(size * Byte.SIZE)).getKey();
  }

  /** Mixes some of the parts, one after the other, each in its place. */
  private static void mix(byte[] parts, int partSize, int n, int from, int to) {
    int width = partSize / Integer.BYTES;
    int[][] table = new int[n][];
    int[] x = new int[width];
    int[] y = new int[width];
    for (int part = from; part < to; part++) {
      IntBuffer numbers =
          ByteBuffer.wrap(parts, part * partSize, partSize)
              .order(ByteOrder.LITTLE_ENDIAN)
              .asIntBuffer();
      numbers.get(0, x);
      for (int i = 0; i < n; i += 2) {
        table[i] = copy(x, table[i]);
        blockMix(x, y);
        table[i + 1] = copy(y, table[i + 1]);
        blockMix(y, x);
      }
      for (int i = 0; i < n; i += 2) {
        xor(x, table[x[width - SALSA] & n - 1]);
        blockMix(x, y);
        xor(y, table[y[width - SALSA] & n - 1]);
        blockMix(y, x);
      }
      numbers.put(0, x);
    }
    for (int[] row : table) {
      if (row != null) {
        Arrays.fill(row, 0);
      }
    }
    Arrays.fill(x, 0);
    Arrays.fill(y, 0);
  }

  private static int[] copy(int[] x, int @Nullable [] row) {
    if (row == null) {
      return x.clone();
    }
    System.arraycopy(x, 0, row, 0, x.length);
    return row;
  }

  /** A method of its own: the compiler takes it up at once, and not with everything around it. */
  private static void xor(int[] x, int[] row) {
    for (int k = 0; k < x.length; k++) {
      x[k] ^= row[k];
    }
  }

  /** Blocks at even places go to the front, the others behind them. */
  private static void blockMix(int[] in, int[] out) {
    int blocks = in.length / SALSA;
    int[] chained = Arrays.copyOfRange(in, in.length - SALSA, in.length);
    for (int block = 0; block < blocks; block++) {
      for (int k = 0; k < SALSA; k++) {
        chained[k] ^= in[block * SALSA + k];
      }
      salsa8(chained);
      int to = (block % 2 == 0 ? block / 2 : blocks / 2 + block / 2) * SALSA;
      System.arraycopy(chained, 0, out, to, SALSA);
    }
  }

  private static void salsa8(int[] b) {
    int x0 = b[0];
    int x1 = b[1];
    int x2 = b[2];
    int x3 = b[3];
    int x4 = b[4];
    int x5 = b[5];
    int x6 = b[6];
    int x7 = b[7];
    int x8 = b[8];
    int x9 = b[9];
    int x10 = b[10];
    int x11 = b[11];
    int x12 = b[12];
    int x13 = b[13];
    int x14 = b[14];
    int x15 = b[15];
    for (int round = 0; round < 8; round += 2) {
      x4 ^= Integer.rotateLeft(x0 + x12, 7);
      x8 ^= Integer.rotateLeft(x4 + x0, 9);
      x12 ^= Integer.rotateLeft(x8 + x4, 13);
      x0 ^= Integer.rotateLeft(x12 + x8, 18);
      x9 ^= Integer.rotateLeft(x5 + x1, 7);
      x13 ^= Integer.rotateLeft(x9 + x5, 9);
      x1 ^= Integer.rotateLeft(x13 + x9, 13);
      x5 ^= Integer.rotateLeft(x1 + x13, 18);
      x14 ^= Integer.rotateLeft(x10 + x6, 7);
      x2 ^= Integer.rotateLeft(x14 + x10, 9);
      x6 ^= Integer.rotateLeft(x2 + x14, 13);
      x10 ^= Integer.rotateLeft(x6 + x2, 18);
      x3 ^= Integer.rotateLeft(x15 + x11, 7);
      x7 ^= Integer.rotateLeft(x3 + x15, 9);
      x11 ^= Integer.rotateLeft(x7 + x3, 13);
      x15 ^= Integer.rotateLeft(x11 + x7, 18);
      x1 ^= Integer.rotateLeft(x0 + x3, 7);
      x2 ^= Integer.rotateLeft(x1 + x0, 9);
      x3 ^= Integer.rotateLeft(x2 + x1, 13);
      x0 ^= Integer.rotateLeft(x3 + x2, 18);
      x6 ^= Integer.rotateLeft(x5 + x4, 7);
      x7 ^= Integer.rotateLeft(x6 + x5, 9);
      x4 ^= Integer.rotateLeft(x7 + x6, 13);
      x5 ^= Integer.rotateLeft(x4 + x7, 18);
      x11 ^= Integer.rotateLeft(x10 + x9, 7);
      x8 ^= Integer.rotateLeft(x11 + x10, 9);
      x9 ^= Integer.rotateLeft(x8 + x11, 13);
      x10 ^= Integer.rotateLeft(x9 + x8, 18);
      x12 ^= Integer.rotateLeft(x15 + x14, 7);
      x13 ^= Integer.rotateLeft(x12 + x15, 9);
      x14 ^= Integer.rotateLeft(x13 + x12, 13);
      x15 ^= Integer.rotateLeft(x14 + x13, 18);
    }
    b[0] += x0;
    b[1] += x1;
    b[2] += x2;
    b[3] += x3;
    b[4] += x4;
    b[5] += x5;
    b[6] += x6;
    b[7] += x7;
    b[8] += x8;
    b[9] += x9;
    b[10] += x10;
    b[11] += x11;
    b[12] += x12;
    b[13] += x13;
    b[14] += x14;
    b[15] += x15;
  }
}
