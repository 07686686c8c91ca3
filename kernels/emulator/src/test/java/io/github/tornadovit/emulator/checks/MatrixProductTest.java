package io.github.tornadovit.emulator.checks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import uk.ac.manchester.tornado.api.GridScheduler;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.TaskGraph;
import uk.ac.manchester.tornado.api.WorkerGrid2D;
import uk.ac.manchester.tornado.api.enums.DataTransferMode;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;

/**
 * A real kernel: c[m, n] = a[m, k] b[k, n] by tiles in local memory, at sizes that are no multiples
 * of a tile.
 */
class MatrixProductTest {
  private static final int TILE = 8;

  static void product(
      KernelContext context, FloatArray a, FloatArray b, FloatArray c, int m, int n, int k) {
    float[] aTile = context.allocateFloatLocalArray(TILE * TILE);
    float[] bTile = context.allocateFloatLocalArray(TILE * TILE);
    int column = context.localIdx;
    int row = context.localIdy;
    int i = context.groupIdy * TILE + row;
    int j = context.groupIdx * TILE + column;
    float sum = 0f;
    for (int from = 0; from < k; from += TILE) {
      aTile[row * TILE + column] = i < m && from + column < k ? a.get(i * k + from + column) : 0f;
      bTile[row * TILE + column] = from + row < k && j < n ? b.get((from + row) * n + j) : 0f;
      context.localBarrier();
      for (int s = 0; s < TILE; s++) {
        sum += aTile[row * TILE + s] * bTile[s * TILE + column];
      }
      context.localBarrier();
    }
    if (i < m && j < n) {
      c.set(i * n + j, sum);
    }
  }

  private static FloatArray random(int size, Random random) {
    var array = new FloatArray(size);
    for (int i = 0; i < size; i++) {
      array.set(i, random.nextFloat() * 2 - 1);
    }
    return array;
  }

  private static int tiles(int size) {
    return (size + TILE - 1) / TILE * TILE;
  }

  @ParameterizedTest
  @CsvSource({"1, 1, 1", "8, 8, 8", "7, 13, 17", "65, 33, 20"})
  void aTiledMatrixProductIsRight(int m, int n, int k) {
    var random = new Random(42);
    FloatArray a = random(m * k, random);
    FloatArray b = random(k * n, random);
    var c = new FloatArray(m * n);
    multiply(a, b, c, m, n, k);
    for (int i = 0; i < m; i++) {
      for (int j = 0; j < n; j++) {
        double sum = 0;
        for (int s = 0; s < k; s++) {
          sum += (double) a.get(i * k + s) * b.get(s * n + j);
        }
        assertThat((double) c.get(i * n + j)).as("%d, %d", i, j).isEqualTo(sum, within(1e-5));
      }
    }
  }

  private static void multiply(FloatArray a, FloatArray b, FloatArray c, int m, int n, int k) {
    var graph =
        new TaskGraph("g")
            .transferToDevice(DataTransferMode.EVERY_EXECUTION, a, b)
            .task("product", MatrixProductTest::product, new KernelContext(), a, b, c, m, n, k)
            .transferToHost(DataTransferMode.EVERY_EXECUTION, c);
    var grid = new WorkerGrid2D(tiles(n), tiles(m));
    grid.setLocalWork(TILE, TILE, 1);
    Launcher.execute(new GridScheduler("g.product", grid), graph.snapshot());
  }
}
