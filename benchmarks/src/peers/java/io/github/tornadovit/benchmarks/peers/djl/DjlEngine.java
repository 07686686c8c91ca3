package io.github.tornadovit.benchmarks.peers.djl;

import ai.djl.MalformedModelException;
import ai.djl.engine.Engine;
import ai.djl.inference.Predictor;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.repository.zoo.Criteria;
import ai.djl.repository.zoo.ModelNotFoundException;
import ai.djl.repository.zoo.ZooModel;
import ai.djl.translate.TranslateException;
import io.github.tornadovit.benchmarks.model.EngineSetting;
import io.github.tornadovit.benchmarks.model.ForwardEngine;
import io.github.tornadovit.benchmarks.model.ImageShape;
import java.io.IOException;

/** PyTorch through DJL, on the CPU: a frozen TorchScript module, which PyTorch's JIT optimises. */
public final class DjlEngine implements ForwardEngine {
  private final ImageShape images;
  private final ZooModel<NDList, NDList> model;
  private final Predictor<NDList, NDList> predictor;

  /** Loads {@code model.pt}. PyTorch's threads are set once per process. */
  public DjlEngine(EngineSetting setting)
      throws ModelNotFoundException, MalformedModelException, IOException {
    System.setProperty("ai.djl.pytorch.num_threads", Integer.toString(setting.threads()));
    System.setProperty("ai.djl.pytorch.num_interop_threads", "1");
    images = setting.images();
    model =
        Criteria.builder()
            .setTypes(NDList.class, NDList.class)
            .optModelPath(setting.model())
            .optEngine("PyTorch")
            .build()
            .loadModel();
    predictor = model.newPredictor();
  }

  @Override
  public String name() {
    return "PyTorch (DJL)";
  }

  @Override
  public String version() {
    return Engine.getEngine("PyTorch").getVersion() + ", DJL " + Engine.getDjlVersion();
  }

  @Override
  public float[] logits(float[] pixels, int batch) {
    Shape shape = new Shape(batch, images.channels(), images.height(), images.width());
    try (NDManager manager = model.getNDManager().newSubManager()) {
      NDArray input = manager.create(pixels, shape);
      try (NDList result = predictor.predict(new NDList(input))) {
        return result.singletonOrThrow().toFloatArray();
      }
    } catch (TranslateException failure) {
      throw new IllegalStateException(failure);
    }
  }

  @Override
  public void close() {
    predictor.close();
    model.close();
  }
}
