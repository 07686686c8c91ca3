package uk.ac.manchester.tornado.api;

/** A grid of dimension 1, given by its global size. */
public class WorkerGrid1D extends AbstractWorkerGrid {
  public WorkerGrid1D(int x) {
    super(x, 1, 1);
  }

  @Override
  public int dimension() {
    return 1;
  }
}
