/// Every kind of learner and every path through them: what the contract suite runs over. Each family lists its own.
let allRecipes: [Recipe] =
    Recipe.linear + Recipe.bayes + Recipe.trees + Recipe.ensembles + Recipe.neighbours + Recipe.factorization
    + Recipe.anomaly + Recipe.forecasting + Recipe.bandits + Recipe.auto + Recipe.baselines + Recipe.adaptation
    + Recipe.calibration
