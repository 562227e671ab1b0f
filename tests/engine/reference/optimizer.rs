//! How weights follow their gradients: Keras's rules, in Keras's order of operations.

/// Which rule, with all its numbers.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Rule {
    /// Gradient descent; with momentum 0 plain, with `nesterov` looking one step ahead.
    Sgd { momentum: f64, nesterov: bool },
    /// Divides by a moving root mean square of the gradient.
    RmsProp { rho: f64, momentum: f64, epsilon: f64 },
    /// Moving mean of the gradient divided by the root of its moving square, both corrected for their start at 0
    /// (Kingma and Ba 2014). `weight_decay` (`AdamW`) shrinks the weights before, and by the learning rate.
    Adam { beta_1: f64, beta_2: f64, epsilon: f64, weight_decay: f64 },
}

/// A rule at work on one tensor.
#[derive(Clone, Debug)]
pub(crate) struct Optimizer {
    rule: Rule,
    learning_rate: f64,
    /// Steps done.
    t: i32,
    /// Momentum, or moving mean of the gradient (m).
    pub(crate) momentum: Vec<f64>,
    /// Moving mean of the squared gradient (v).
    pub(crate) velocity: Vec<f64>,
}

impl Optimizer {
    pub(crate) fn new(rule: Rule, learning_rate: f64, len: usize) -> Self {
        Self { rule, learning_rate, t: 0, momentum: vec![0.0; len], velocity: vec![0.0; len] }
    }

    /// Moves the parameters by one step.
    pub(crate) fn step(&mut self, parameters: &mut [f64], gradient: &[f64]) {
        self.t += 1;
        for i in 0..parameters.len() {
            let (m, v) = (&mut self.momentum[i], &mut self.velocity[i]);
            let (p, g) = (&mut parameters[i], gradient[i]);
            self.rule.update(self.learning_rate, self.t, [p, m, v], g);
        }
    }
}

impl Rule {
    fn update(self, lr: f64, t: i32, [p, m, v]: [&mut f64; 3], g: f64) {
        match self {
            Self::Sgd { momentum, nesterov } => {
                *m = momentum * *m - lr * g;
                *p += if nesterov { momentum * *m - lr * g } else { *m };
            }
            Self::RmsProp { rho, momentum, epsilon } => {
                *v = rho * *v + (1.0 - rho) * g * g;
                *m = momentum * *m + lr * g / (*v + epsilon).sqrt();
                *p -= *m;
            }
            Self::Adam { beta_1, beta_2, epsilon, weight_decay } => {
                *p -= *p * weight_decay * lr;
                *m = beta_1 * *m + (1.0 - beta_1) * g;
                *v = beta_2 * *v + (1.0 - beta_2) * g * g;
                let correction = (1.0 - beta_2.powi(t)).sqrt() / (1.0 - beta_1.powi(t));
                *p -= lr * correction * *m / (v.sqrt() + epsilon);
            }
        }
    }
}
